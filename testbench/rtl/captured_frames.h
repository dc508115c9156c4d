// SPDX-License-Identifier: BSD-2-Clause
// The frames of the real captures, as replay would send them.
#ifndef CAPTURED_FRAMES_H
#define CAPTURED_FRAMES_H

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <dirent.h>
#include <string>
#include <vector>

extern "C" {
#include "trace.h"
}

#include "cu_main.h"

using Bytes = std::vector<uint8_t>;

struct Frame {
	std::string from; // where it stands, for the report
	Bytes b;
};

static const char *const kCaptureFolder = "build/traces/captures";

static inline std::vector<std::string> capture_files()
{
	std::vector<std::string> files;

	if (DIR *dir = opendir(kCaptureFolder)) {
		while (const dirent *e = readdir(dir))
			if (e->d_name[0] != '.')
				files.push_back(std::string(kCaptureFolder) + "/" + e->d_name);
		closedir(dir);
	}
	if (files.empty())
		printf("    %s: no captures; run `make traces` and start this where the Makefile is\n",
		       kCaptureFolder);
	std::sort(files.begin(), files.end());
	return files;
}

// Every frame that replay would send, skipped and padded as there.
static inline std::vector<Frame> captured()
{
	std::vector<Frame> frames;
	trace_frame f;

	for (const std::string &name : capture_files()) {
		char *file = const_cast<char *>(name.c_str());
		trace *t = trace_open(&file, 1, 1, false);

		CU_ASSERT_FATAL(t != nullptr);
		while (trace_next(t, &f))
			frames.push_back({ name + ": packet " + std::to_string(f.number + 1),
					   Bytes(f.data, f.data + f.len) });
		trace_close(t);
	}
	return frames;
}

#endif
