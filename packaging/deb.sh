#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Debian packages of what is built, into BUILD/deb:
#   cosnic       the program, its RTL libraries, manual, completion
#   cosnic-qemu  QEMU with the card in it, where it is built
#   cosnic-guest what `cosnic guest` boots, where it is built: Debian's kernel and programs (manifest.txt names them), the driver for them
#   cosnic-guest-modules  all other modules of that kernel, for cosnic guest --modules all
#   snic-dkms    the Linux driver, built by DKMS for the kernel that runs; as cosnic.ko, since Linux has a snic.ko (Cisco's SCSI driver)
#   packaging/deb.sh BUILD VERSION COMMIT
set -euo pipefail

usage="usage: packaging/deb.sh BUILD VERSION COMMIT"
build=${1:?$usage}
release=${2:?$usage}
version=$release+git${3:?$usage}
version=${version//-/.}
for tool in dpkg-deb dpkg-shlibdeps; do
	command -v "$tool" > /dev/null || { echo "deb: no $tool: install Debian's package dpkg-dev" >&2; exit 1; }
done

out=$build/deb
rm -rf "$out"
mkdir -p "$out/all"
packaging/install.sh "$build" "$out/all/usr" > /dev/null
architecture=$(dpkg --print-architecture)

# libraries that programs of a package stand on
depends() { # NAME
	mkdir -p "$out/debian"
	printf 'Source: cosnic\n\nPackage: cosnic\nArchitecture: any\n' > "$out/debian/control"
	(cd "$out" && find "$1" -type f \( -path '*/bin/cosnic' -o -name '*.so' -o -name 'qemu-system-*' \) -print0 | xargs -0 dpkg-shlibdeps -O) \
		2> "$out/log" | sed -n 's/^shlibs:Depends=//p' || { cat "$out/log" >&2; exit 1; }
}
pack=(-Zxz -z2)
# package NAME ARCHITECTURE DEPENDS SUMMARY: of the tree $out/NAME
package() {
	mkdir -p "$out/$1/DEBIAN"
	cat > "$out/$1/DEBIAN/control" << END
Package: $1
Version: $version
Architecture: $2
Maintainer: Cosnic <root@localhost>
Installed-Size: $(du -sk "$out/$1" | cut -f 1)
Depends: $3
Section: devel
Priority: optional
Description: $4
END
	dpkg-deb --root-owner-group "${pack[@]}" --build "$out/$1" "$out/${1}_${version}_$2.deb" > /dev/null
	echo "  deb         $out/${1}_${version}_$2.deb"
}

if [[ -d $out/all/usr/lib/cosnic/qemu ]]; then
	mkdir -p "$out/cosnic-qemu/usr/lib/cosnic"
	mv "$out/all/usr/lib/cosnic/qemu" "$out/cosnic-qemu/usr/lib/cosnic/"
	package cosnic-qemu "$architecture" "cosnic (= $version), $(depends cosnic-qemu)" \
		"QEMU with the SR-IOV SmartNIC of Cosnic in it"
fi

if [[ -d $out/all/usr/lib/cosnic/guest ]]; then
	mkdir -p "$out/cosnic-guest/usr/lib/cosnic" "$out/cosnic-guest/usr/share/doc/cosnic-guest"
	mv "$out/all/usr/lib/cosnic/guest" "$out/all/usr/lib/cosnic/kmod" "$out/cosnic-guest/usr/lib/cosnic/"
	modules=$out/cosnic-guest/usr/lib/cosnic/guest/modules
	if [[ -d $modules ]]; then # 390 MB, which xz would take minutes for
		mkdir -p "$out/cosnic-guest-modules/usr/lib/cosnic/guest"
		mv "$modules" "$out/cosnic-guest-modules/usr/lib/cosnic/guest/"
		pack=(-Zzstd -z3)
		package cosnic-guest-modules "$architecture" "cosnic-guest (= $version)" \
			"All modules of the kernel of Cosnic's guest"
		pack=(-Zxz -z2)
	fi
	cp "$build/guest/manifest.txt" "$out/cosnic-guest/usr/share/doc/cosnic-guest/"
	package cosnic-guest "$architecture" "cosnic-qemu (= $version)" \
		"Debian's kernel and programs, as Cosnic's guest boots them"
fi

mv "$out/all" "$out/cosnic"
package cosnic "$architecture" "$(depends cosnic)" \
	"runs a network card's real driver against its cycle-accurate RTL"

src=$out/snic-dkms/usr/src/snic-$release
mkdir -p "$src"
cp --parents -t "$src" driver/hw/*.[ch] driver/kmod/* rtl/contract/*.def rtl/contract/*.h
cat > "$src/dkms.conf" << END
PACKAGE_NAME="snic"
PACKAGE_VERSION="$release"
MAKE[0]="make -C driver/kmod KDIR=\$kernel_source_dir OUT=\$dkms_tree/snic/$release/build/out NAME=cosnic"
CLEAN="rm -rf out"
BUILT_MODULE_NAME[0]="cosnic"
BUILT_MODULE_LOCATION[0]="out"
DEST_MODULE_LOCATION[0]="/updates"
AUTOINSTALL="yes"
END
mkdir -p "$out/snic-dkms/DEBIAN"
cat > "$out/snic-dkms/DEBIAN/postinst" << END
#!/bin/sh
set -e
[ "\$1" != configure ] || /usr/lib/dkms/common.postinst snic $release /usr/share/snic-dkms "" "\$2"
END
cat > "$out/snic-dkms/DEBIAN/prerm" << END
#!/bin/sh
set -e
dkms remove -m snic -v $release --all || true
END
chmod 755 "$out/snic-dkms/DEBIAN/postinst" "$out/snic-dkms/DEBIAN/prerm"
package snic-dkms all "dkms, make, gcc" "Linux driver of the SR-IOV SmartNIC of Cosnic, by DKMS"
