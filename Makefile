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
BUILD    ?= build
SAN      ?=
PREFIX   ?= /usr/local
DESTDIR  ?=
OPT      ?= -O2
VERSION  := 3.6.0

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
SERVER_LIBS := -lgrpc -lgpr -lprotobuf-c -lmicrohttpd -llmdb -ljansson -lpthread
CLIENT_LIBS := -lgrpc -lgpr -lprotobuf-c -ljansson -lpthread

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
	$(CC) $(CPPFLAGS) $(CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-unused -MMD -MP -c -o $@ $<

# Generated headers must stand before anything that may include them is compiled.
$(GEN)/%.pb-c.c $(GEN)/%.pb-c.h: %.proto
	@mkdir -p $(GEN)
	protoc-c --c_out=$(GEN) -I. $<
$(PROTO_O) $(filter $(B)/obj/server/% $(B)/obj/client/%,$(call objects,$(SERVER_C) $(CLIENT_C))): | $(PROTO_H)

# --- libraft ---------------------------------------------------------------
# libraft.so shows only what raft.h declares (RAFT_API); both libraries come
# from the same position-independent objects.
$(LIBRAFT_O): EXTRA := -fPIC -fvisibility=hidden

$(B)/libraft.a: $(LIBRAFT_O)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/libraft.so: $(LIBRAFT_O)
	$(CC) $(LDFLAGS) -shared -Wl,-soname,libraft.so.3 -o $@ $^ $(RAFT_LIBS)

$(B)/librafttest.a: $(RAFTTEST_O)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/datadriven: $(B)/obj/raft/rafttest/datadriven_main.o $(B)/librafttest.a $(B)/libraft.a
	$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

# --- programs --------------------------------------------------------------
$(BIN)/etcd: $(B)/obj/server/main.o $(LIBSERVER_O) $(B)/libraft.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS)

$(BIN)/etcdctl: $(B)/obj/client/main.o $(LIBCLIENT_O)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# --- unit tests ------------------------------------------------------------
$(B)/raft_test: $(call objects,$(call is,test,$(RAFT_C) $(RTEST_C))) $(B)/librafttest.a $(B)/libraft.a
	$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

$(B)/server_test: $(call objects,$(call is,test,$(SERVER_C))) $(LIBSERVER_O) $(B)/librafttest.a $(B)/libraft.a
	$(CC) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS)

$(B)/client_test: $(call objects,$(call is,test,$(CLIENT_C))) $(LIBCLIENT_O) $(B)/librafttest.a $(B)/libraft.a
	$(CC) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# --- benchmarks ------------------------------------------------------------
$(B)/raft_bench: $(B)/obj/raft/raft_bench.o $(B)/libraft.a
	$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

.PHONY: bench-raft
## bench-raft: ns and allocations per operation of the raft library
bench-raft: $(BENCH_RAFT)
	$(BENCH_RAFT)

# --- raft.proto ------------------------------------------------------------
include raft/raftpb/raftpb.mk

# --- the lab ---------------------------------------------------------------
include lab/lab.mk

# --- housekeeping ----------------------------------------------------------
clean:
	rm -rf $(BUILD) bin

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
