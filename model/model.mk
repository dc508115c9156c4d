# SPDX-License-Identifier: BSD-2-Clause
# The reference (C) and the timing model (SystemC), each as a static library.

REF_SRC := $(wildcard model/reference/*.c)
REF_LIB := $(B)/model/libsnic_ref.a
TIMING_SRC := $(wildcard model/timing/*.cpp)
TIMING_LIB := $(B)/model/libsnic_predict.a

$(B)/model/reference/%.o: model/reference/%.c $(wildcard model/reference/*.h) $(CONTRACT_DEFS)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(INC_CONTRACT) -Imodel/reference -c $< -o $@

$(REF_LIB): $(REF_SRC:%.c=$(B)/%.o)
	rm -f $@
	ar rcs $@ $^

$(B)/model/timing/%.o: model/timing/%.cpp $(wildcard model/timing/*.h)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(INC_CONTRACT) -Imodel/timing -c $< -o $@

$(TIMING_LIB): $(TIMING_SRC:%.cpp=$(B)/%.o)
	rm -f $@
	ar rcs $@ $^
