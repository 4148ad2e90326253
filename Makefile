# SPDX-License-Identifier: Apache-2.0
#
# RaftLab's one Makefile. `make help` lists what it can do.
#
# A file is known by its name, anywhere below raft/ server/ client/ lab/:
#   x_test.c   unit test              x_fuzz.c   fuzz target
#   x_bench.c  benchmark program      x_main.c   program
#   x_test.py  end-to-end test        any other .c belongs to its library
# so adding a file never means editing this one.

CC       ?= cc
OBJCOPY  ?= objcopy
BUILD    ?= build
SAN      ?=
PREFIX   ?= /usr/local
DESTDIR  ?=
OPT      ?= -O2
VERSION  := 3.6.0

# Commands are shown in short; V=1 shows them whole.
V   ?= 0
comma := ,
say  = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2) &&)

# --- where things go -------------------------------------------------------
# A sanitized build lives beside the plain one: build/address, build/thread.
B   := $(BUILD)$(if $(SAN),/$(SAN))
GEN := $(BUILD)/gen
BIN := $(if $(filter build,$(B)),bin,$(B)/bin)

san_flags_address := -fsanitize=address,undefined -fno-sanitize-recover=all
san_flags_thread  := -fsanitize=thread
SANFLAGS := $(san_flags_$(SAN))

WARN     := -Wall -Wextra -Werror
CPPFLAGS := -I. -I$(GEN) -D_GNU_SOURCE
CFLAGS   := -std=c11 $(OPT) -g -fno-omit-frame-pointer $(WARN) $(SANFLAGS)
LDFLAGS  := $(SANFLAGS)

RAFT_LIBS   := -lprotobuf-c
SERVER_LIBS := -lgrpc -lgpr -lprotobuf-c -lmicrohttpd -llmdb -ljansson -lisal -lcrypto -lpthread
CLIENT_LIBS := -lgrpc -lgpr -lprotobuf-c -lpthread

# --- what there is ---------------------------------------------------------
find_c   = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
is       = $(filter %_$(1).c,$(2))
programs = $(filter %/main.c %_main.c,$(1))
plain    = $(filter-out %_test.c %_fuzz.c %_bench.c %_main.c %/main.c,$(1))
objects  = $(patsubst %.c,$(B)/obj/%.o,$(1))

RAFT_C   := $(filter-out raft/rafttest/%,$(call find_c,raft))
RTEST_C  := $(call find_c,raft/rafttest)
SERVER_C := $(call find_c,server)
CLIENT_C := $(call find_c,client)
LAB_C    := $(call find_c,lab)

LIBRAFT_O  := $(call objects,$(call plain,$(RAFT_C)))
RAFTTEST_O := $(call objects,$(call plain,$(RTEST_C)))

PROTOS  := $(sort $(shell find server -name '*.proto' 2>/dev/null))
PROTO_C := $(PROTOS:%.proto=$(GEN)/%.pb-c.c)
PROTO_O := $(PROTO_C:$(GEN)/%.c=$(B)/obj/gen/%.o)
PROTO_H := $(PROTO_C:.c=.h)

LIBSERVER_O := $(call objects,$(call plain,$(SERVER_C))) $(PROTO_O)
LIBCLIENT_O := $(call objects,$(call plain,$(CLIENT_C))) $(PROTO_O)

FUZZ_C := $(call is,fuzz,$(RAFT_C) $(RTEST_C) $(SERVER_C) $(CLIENT_C))
FUZZ   := $(foreach f,$(FUZZ_C),$(BUILD)/fuzz/$(basename $(notdir $f)))
BENCH_RAFT := $(B)/raft_bench

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all raft help clean deps

## all: libraft, bin/etcd, bin/etcdctl, the datadriven runner
all: raft $(BIN)/etcd $(BIN)/etcdctl

## raft: only the consensus library and build/datadriven (needs libprotobuf-c alone)
raft: $(B)/libraft.a $(B)/libraft.so $(B)/datadriven

help:
	@echo 'make [target] [SAN=address|thread] [CC=gcc|clang] [BUILD=dir]'
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' $(MAKEFILE_LIST) | expand -t 20

# --- compiling -------------------------------------------------------------
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-unused -MMD -MP -c -o $@ $<

# Generated headers must stand before anything that may include them is compiled.
$(GEN)/%.pb-c.c $(GEN)/%.pb-c.h: %.proto
	@mkdir -p $(GEN)
	$(call say,PROTOC,$@)protoc-c --c_out=$(GEN) -I. $<
$(PROTO_O) $(filter $(B)/obj/server/% $(B)/obj/client/%,$(call objects,$(SERVER_C) $(CLIENT_C))): | $(PROTO_H)

# --- libraft ---------------------------------------------------------------
# libraft.so shows only what raft.h declares (RAFT_API); both libraries come
# from the same position-independent objects.
#
# An optimised build by gcc compiles the library as one: it carries gcc's own
# intermediate code as far as libraft.o, so that calls between its many small files
# cost nothing. And gcc would zero and copy a struct of the size of a message by `rep
# stos` and `rep movs`, which on x86 take tens of cycles to get going; raft does
# little else than making messages.
inlined := vector_loop:256:noalign$(comma)libcall:-1:noalign
strings  := -mmemset-strategy=$(inlined) -mmemcpy-strategy=$(inlined)
gcc_O    := $(and $(filter -O2 -O3,$(OPT)),$(if $(SAN),,yes),\
	$(shell $(CC) -dM -E -x c /dev/null | grep -q __clang__ || echo yes))
RAFT_LTO := $(if $(gcc_O),-flto=auto)
RAFT_OPT := $(if $(gcc_O),-flto=auto -ffat-lto-objects \
	$(shell $(CC) $(strings) -E -x c /dev/null >/dev/null 2>&1 && echo '$(strings)'))
$(LIBRAFT_O): EXTRA := -fPIC -fvisibility=hidden $(RAFT_OPT)

# What raft.h does not declare is made local in libraft.a too, so that its names
# cannot meet those of the program it is linked into; white-box tests and tools
# of raft itself link libraft_internal.a, which shows all.
$(B)/libraft.o: $(LIBRAFT_O)
	$(call say,LINK,$@)$(CC) -nostdlib -r $(if $(RAFT_LTO),$(OPT) $(RAFT_OPT) -fPIC -flinker-output=nolto-rel) -o $@ $^

$(B)/libraft.a: $(B)/libraft.o
	@rm -f $@
	$(call say,AR,$@)$(OBJCOPY) --localize-hidden $< $(B)/libraft_public.o && \
		$(AR) rcs $@ $(B)/libraft_public.o

$(B)/libraft_internal.a: $(B)/libraft.o
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $^

$(B)/libraft.so: $(B)/libraft.o
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -shared -Wl,-soname,libraft.so.3 -o $@ $^ $(RAFT_LIBS)

$(B)/librafttest.a: $(RAFTTEST_O)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $^

$(B)/datadriven: $(B)/obj/raft/rafttest/datadriven_main.o $(B)/librafttest.a $(B)/libraft_internal.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

# --- programs --------------------------------------------------------------
$(BIN)/etcd: $(B)/obj/server/main.o $(LIBSERVER_O) $(B)/libraft.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS)

$(BIN)/etcdctl: $(B)/obj/client/main.o $(LIBCLIENT_O)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# --- unit tests ------------------------------------------------------------
$(B)/raft_test: $(call objects,$(call is,test,$(RAFT_C) $(RTEST_C))) $(B)/librafttest.a $(B)/libraft_internal.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

$(B)/server_test: $(call objects,$(call is,test,$(SERVER_C))) $(LIBSERVER_O) $(B)/librafttest.a $(B)/libraft.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS)

$(B)/client_test: $(call objects,$(call is,test,$(CLIENT_C))) $(LIBCLIENT_O) $(B)/librafttest.a $(B)/libraft.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# --- benchmarks ------------------------------------------------------------
$(B)/raft_bench: $(B)/obj/raft/raft_bench.o $(B)/libraft_internal.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

.PHONY: bench-raft
## bench-raft: ns and allocations per operation of libraft, as a table and as JSON
bench-raft: $(BENCH_RAFT)
	@$(BENCH_RAFT) --json $(B)/raft_bench.json
	@cat $(B)/raft_bench.json

# --- raft.proto ------------------------------------------------------------
include raft/raftpb/raftpb.mk

# --- the lab ---------------------------------------------------------------
include lab/lab.mk

# --- fuzzing ---------------------------------------------------------------
# Fuzz targets are built by clang with libFuzzer and all of what they test, under
# sanitizers. `make fuzz-smoke` is the bounded run; for a long one:
#	build/fuzz/wal_fuzz -max_total_time=3600 build/fuzz/wal_fuzz.found server/wal/wal_fuzz.corpus
FUZZ_SECONDS ?= 5
FUZZ_CC      := clang
FUZZ_FLAGS   := -std=c11 -O1 -g $(WARN) -fsanitize=address,undefined -fno-sanitize-recover=all
F            := $(BUILD)/fuzz

fuzz_raft   := $(patsubst %.c,$(F)/obj/%.o,$(filter-out %/runner.c,$(call plain,$(RAFT_C) $(RTEST_C))))
fuzz_server := $(patsubst %.c,$(F)/obj/%.o,$(call plain,$(SERVER_C))) $(PROTO_C:$(GEN)/%.c=$(F)/obj/gen/%.o)
fuzz_client := $(patsubst %.c,$(F)/obj/%.o,$(call plain,$(CLIENT_C))) $(PROTO_C:$(GEN)/%.c=$(F)/obj/gen/%.o)

$(F)/obj/%.o: %.c | $(PROTO_H)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(F)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

define fuzz_rule
$(F)/$(basename $(notdir $(1))): $(F)/obj/$(1:.c=.o) $(if $(filter client/%,$(1)),$(fuzz_client),$(fuzz_raft)) $(if $(filter server/%,$(1)),$(fuzz_server))
	$$(call say,LINK,$$@)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $$@ $$^ $(if $(filter server/%,$(1)),$(SERVER_LIBS),$(if $(filter client/%,$(1)),$(CLIENT_LIBS),$(RAFT_LIBS)))
endef
$(foreach f,$(FUZZ_C),$(eval $(call fuzz_rule,$(f))))

.PHONY: fuzz fuzz-smoke
fuzz: $(FUZZ)
## fuzz-smoke: run every fuzz target for a few seconds [FUZZ_SECONDS=n]
fuzz-smoke: fuzz
	@sh raft/rafttest/fuzz_smoke.sh $(F) $(FUZZ_SECONDS) $(FUZZ_C)

# --- all tests -------------------------------------------------------------
# Each suite is a command whose last line is "N passed, M failed". TEST_SUITES
# has one a line: name, tab, command.
PY_TESTS := $(sort $(shell find server client Documentation -name '*_test.py' 2>/dev/null))
LAB_PY_TESTS := $(sort $(shell find lab -name '*_test.py' 2>/dev/null))
# Those that keep all of the server's threads busy.
TSAN_TESTS := $(filter server/etcd_test.py server/kill_test.py,$(PY_TESTS))

JOBS ?= $(shell nproc)
unit_tests = $(1)/raft_test $(1)/labkit_test $(1)/server_test $(1)/client_test

define newline


endef
tab := $(shell printf '\t')
define suites
raft$(tab)$(B)/raft_test
raft, ASan and UBSan$(tab)$(B)/address/raft_test
lab kit$(tab)$(B)/labkit_test
lab kit, ASan and UBSan$(tab)$(B)/address/labkit_test
server$(tab)$(B)/server_test
server, ASan and UBSan$(tab)$(B)/address/server_test
server, TSan$(tab)$(B)/thread/server_test
client$(tab)$(B)/client_test
client, ASan and UBSan$(tab)$(B)/address/client_test
conformance scripts$(tab)$(B)/datadriven raft/rafttest/testdata
table of raft's tests$(tab)awk -f raft/rafttest/check_test_table.awk Documentation/raft-tests.md
raftpb is up to date$(tab)sh raft/rafttest/as_test.sh $(MAKE) -s check-generate
installed library$(tab)sh raft/rafttest/install_test.sh
$(foreach t,$(PY_TESTS),$(t)$(tab)BIN_DIR=$(BIN) python3 $(t)$(newline))
$(foreach t,$(PY_TESTS),$(t)$(comma) ASan and UBSan$(tab)BIN_DIR=$(B)/address/bin python3 $(t)$(newline))
$(foreach t,$(TSAN_TESTS),$(t)$(comma) TSan$(tab)KILLS=10 BIN_DIR=$(B)/thread/bin python3 $(t)$(newline))
fuzz targets$(tab)$(MAKE) -s fuzz-smoke
$(foreach t,$(LAB_PY_TESTS),$(t)$(tab)python3 -B $(t)$(newline))
$(if $(wildcard lab/check.py),lab$(tab)$(MAKE) -s check-lab)
$(if $(wildcard lab/mistakes),wrong and right fillings$(tab)$(MAKE) -s check-grader)
$(if $(wildcard lab/mutations),mutations$(tab)$(MAKE) -s check-mutations)
endef
export TEST_SUITES = $(suites)

.PHONY: test tests
tests: all $(call unit_tests,$(B))

## test: install what is missing, build, and pass every test
test: deps
	@$(MAKE) -j$(JOBS) all tests
	@$(MAKE) -j$(JOBS) SAN=address all tests
	@$(MAKE) -j$(JOBS) SAN=thread $(BUILD)/thread/server_test $(BUILD)/thread/bin/etcd $(BUILD)/thread/bin/etcdctl
	@$(MAKE) -j$(JOBS) fuzz
	@sh raft/rafttest/suites.sh

.PHONY: demo
## demo: install what is missing, build, start a node, put and get, stop
demo:
	@./build.sh
	@sh server/demo.sh $(BIN)

## deps: install the packages that building and testing need
deps:
	@./build.sh --deps build test

# --- installing ------------------------------------------------------------
.PHONY: install
## install: libraft with header and pkg-config file [DESTDIR= PREFIX=/usr/local]
install: $(B)/libraft.a $(B)/libraft.so
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/raft/raftpb
	install -m 644 $(B)/libraft.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $(B)/libraft.so $(DESTDIR)$(PREFIX)/lib/libraft.so.$(VERSION)
	ln -sf libraft.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libraft.so.3
	ln -sf libraft.so.3 $(DESTDIR)$(PREFIX)/lib/libraft.so
	install -m 644 raft/raft.h $(DESTDIR)$(PREFIX)/include/raft/
	install -m 644 raft/raftpb/raftpb.h $(DESTDIR)$(PREFIX)/include/raft/raftpb/
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' raft/raft.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/raft.pc

# --- housekeeping ----------------------------------------------------------
clean:
	rm -rf $(BUILD) bin

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
