# SPDX-License-Identifier: BSD-2-Clause
# The reference (C) and the timing model (SystemC), each as a static library.

REF_SRC := $(wildcard model/reference/*.c)
REF_LIB := $(B)/model/libsnic_ref.a
TIMING_SRC := $(wildcard model/timing/*.cpp)
TIMING_LIB := $(B)/model/libsnic_predict.a

$(call c_objects,reference,$(CFLAGS) $(SAN) $(INC_CONTRACT) -Imodel/reference,$(REF_SRC))
$(call cxx_objects,timing,$(CXXFLAGS) $(INC_CONTRACT) -Imodel/timing,$(TIMING_SRC))
$(call remember,libsnic_ref,$(REF_SRC))
$(call remember,libsnic_predict,$(TIMING_SRC))

$(REF_LIB): $(REF_SRC:%.c=$(B)/%.o) $(FLAG_DIR)/libsnic_ref
	$(call archive)

$(TIMING_LIB): $(TIMING_SRC:%.cpp=$(B)/%.o) $(FLAG_DIR)/libsnic_predict
	$(call archive)
