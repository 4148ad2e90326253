# SPDX-License-Identifier: Apache-2.0
#
# The lab's part of the Makefile.

LABKIT_C   := $(filter lab/labkit/%,$(LAB_C))
LABKIT_O   := $(call objects,$(call plain,$(LABKIT_C)))
LAB_TEST_O := $(call objects,$(call is,test,$(filter lab/steps/% lab/cluster/%,$(LAB_C))))
RUNNER_O   := $(call objects,$(filter raft/rafttest/runner%,$(call plain,$(RTEST_C))))

# All of the tests of the lab but raft.c: the grader compiles that one itself, with the
# student's text and the reference's in each blank, and links it to this.
$(B)/lab_base.o: $(LABKIT_O) $(LAB_TEST_O) $(RUNNER_O) $(filter-out %/raft/raft.o,$(LIBRAFT_O))
	$(call say,LINK,$@)$(CC) -nostdlib -r $(if $(RAFT_LTO),-flinker-output=nolto-rel) -o $@ $^

# The same tests of raft.c as it stands here.
$(B)/lab_test: $(B)/lab_base.o $(B)/obj/raft/raft.o
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

# The kit's own tests.
$(B)/labkit_test: $(call objects,$(call is,test,$(LABKIT_C))) $(LABKIT_O) $(RUNNER_O) $(B)/libraft_internal.a
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(RAFT_LIBS)

.PHONY: lab-base lab-test lab-guide handout check-lab check-grader check-mutations

lab-base: $(B)/lab_base.o
lab-test: $(B)/lab_test

## lab-guide: put Documentation/lab-guide.*md together from their parts in lab/
lab-guide:
	@python3 -B lab/guide.py

lab-guide-check:
	@python3 -B lab/guide.py check

## handout: the student's tree, with the blanks emptied [OUT=dir]
handout:
	@python3 -B lab/handout.py $(if $(OUT),"$(OUT)")

## check-lab: test the lab itself: blanks, texts, tests, handout [ARGS="words of names"]
check-lab:
	@[ -f lab/check.py ] || echo "check-lab: this is a handout; the lab is checked where its solutions are"
	@[ ! -f lab/check.py ] || python3 -B lab/check.py $(ARGS)

## check-grader: measure the grader by lab/mistakes/ and lab/alternatives/ [ARGS="e5 pairs -v"]
check-grader:
	@[ -d lab/mistakes ] || echo "check-grader: this is a handout; the grader is measured where the banks are"
	@[ ! -d lab/mistakes ] || python3 -B -m lab.grader.teacher.check_grader $(ARGS)

## check-mutations: see that our tests notice each mistake of lab/mutations/ [ARGS="'vote-*' -a -v"]
check-mutations:
	@[ -d lab/mutations ] || echo "check-mutations: this is a handout; the patches are where its solutions are"
	@[ ! -d lab/mutations ] || python3 -B lab/mutations/check.py $(ARGS)
