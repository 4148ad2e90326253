# SPDX-License-Identifier: Apache-2.0
#
# The lab's part of the Makefile.

LAB_TEST_O := $(call objects,lab/labkit.c $(filter lab/steps/%,$(LAB_C)))
RUNNER_O   := $(call objects,$(filter raft/rafttest/runner%,$(call plain,$(RTEST_C))))

$(B)/lab_test: $(LAB_TEST_O) $(RUNNER_O) $(B)/libraft_internal.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

.PHONY: lab-test lab-guide handout check-lab

# What raftLab_test.sh builds.
lab-test: $(B)/lab_test

lab-guide:
	sh lab/guide.sh

## handout: the student's tree, with the blanks emptied [OUT=dir]
handout:
	sh lab/handout.sh $(OUT)

## check-lab: test the lab itself: blanks, tests, handout
check-lab:
	sh lab/check.sh
