# SPDX-License-Identifier: BSD-2-Clause
# Read after Verilator's makefile: objects are also made of the flags that FLAGS_FILE remembers.

$(VK_OBJS) $(VK_USER_OBJS) $(VK_GLOBAL_OBJS): $(FLAGS_FILE)

# in a dry run it may not be there
$(FLAGS_FILE): ;
