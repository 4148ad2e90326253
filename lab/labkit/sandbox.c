/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/sandbox.h"

#include "lab/labkit/sandbox_calls.h"
#include "lab/labkit/words.h"
#include "raft/rafttest/runner_kit.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define SANDBOX_MEMORY ((rlim_t)300 << 20) /* bytes of address space */
#define SANDBOX_OUTPUT ((rlim_t)1 << 20)   /* bytes */
#define SANDBOX_STACK ((rlim_t)8 << 20)    /* bytes */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_OFF 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_OFF 1
#endif
#endif
#ifndef SANDBOX_OFF
#define SANDBOX_OFF 0
#endif

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

/* --- resource limits ----------------------------------------------------------------------------
 */

static void limit(int resource, rlim_t value)
{
	struct rlimit now;

	/* Never more than what we have. */
	if (getrlimit(resource, &now) == 0 && now.rlim_max < value)
		value = now.rlim_max;
	setrlimit(resource, &(struct rlimit){value, value});
}

static void limit_resources(void)
{
	limit(RLIMIT_AS, SANDBOX_MEMORY);
	limit(RLIMIT_STACK, SANDBOX_STACK);
	limit(RLIMIT_FSIZE, SANDBOX_OUTPUT);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 3); /* those that are open */
	limit(RLIMIT_NPROC, 0);  /* root is not bound by it */
}

/* The one argument with which the filter allows setitimer(): whoever wants to stop the
 * timer would have to find it first. */
static struct itimerval sandbox_timer;
static bool in_sandbox;

void lab_sandbox_time(double seconds)
{
	time_t s = (time_t)seconds;

	if (!in_sandbox)
		return;
	sandbox_timer.it_value = (struct timeval){s, (suseconds_t)((seconds - (double)s) * 1e6)};
	setitimer(ITIMER_PROF, &sandbox_timer, NULL);
}

/* --- the filter
 * ----------------------------------------------------------------------------------- */

#ifdef SANDBOX_ARCH

#define SANDBOX_PROGRAM 192

struct program {
	struct sock_filter code[SANDBOX_PROGRAM];
	unsigned short len;
};

static void emit(struct program *p, struct sock_filter instruction)
{
	if (p->len < SANDBOX_PROGRAM)
		p->code[p->len++] = instruction;
}

/* Loads the low half of an argument: all that are looked at are ints, or flags that
 * stand there. Both machines are little-endian. */
static void emit_load_argument(struct program *p, int i)
{
	emit(p, (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offsetof(struct seccomp_data, args) +
							     (size_t)i * sizeof(uint64_t))));
}

static void emit_load_number(struct program *p)
{
	emit(p, (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
}

static void emit_return(struct program *p, uint32_t verdict)
{
	emit(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

/* If the system call is nr, it is allowed. */
static void emit_allow(struct program *p, int nr)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1));
	emit_return(p, SECCOMP_RET_ALLOW);
}

/* If it is nr, it is allowed if the test of argument i goes on to the next instruction;
 * where the test fails, it skips that one. */
static void emit_allow_if(struct program *p, int nr, int i, struct sock_filter test)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 4));
	emit_load_argument(p, i);
	emit(p, test);
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_TRAP);
}

/* If it is nr, it is allowed if argument i is at most max. */
static void emit_allow_up_to(struct program *p, int nr, int i, uint32_t max)
{
	emit_allow_if(p, nr, i, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, max, 1, 0));
}

/* If it is nr, it is allowed if argument i is v. */
static void emit_allow_equal(struct program *p, int nr, int i, uint32_t v)
{
	emit_allow_if(p, nr, i, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, v, 0, 1));
}

/* If it is nr, it is allowed unless argument i has one of these bits. */
static void emit_allow_without(struct program *p, int nr, int i, uint32_t bits)
{
	emit_allow_if(p, nr, i, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0));
}

/* Memory without a file behind it, and not to be executed. */
static void emit_allow_mmap(struct program *p)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 6));
	emit_load_argument(p, 2);
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 3, 0));
	emit_load_argument(p, 3);
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1));
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_TRAP);
}

/* What abort() does. */
static void emit_allow_abort(struct program *p)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 6));
	emit_load_argument(p, 0);
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 3));
	emit_load_argument(p, 2);
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SIGABRT, 0, 1));
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_TRAP);
}

static void emit_allow_timer(struct program *p)
{
	uint64_t at = (uint64_t)(uintptr_t)&sandbox_timer;
	uint32_t argument = offsetof(struct seccomp_data, args) + sizeof(uint64_t);

	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setitimer, 0, 6));
	emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument));
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)at, 0, 3));
	emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument + 4));
	emit(p, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(at >> 32), 0, 1));
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_TRAP);
}

static void make_program(struct program *p)
{
	emit(p, (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0));
	emit_return(p, SECCOMP_RET_TRAP);
	emit_load_number(p);
	for (size_t i = 0; i < lab_calls_allowed_len; i++)
		emit_allow(p, lab_calls_allowed[i]);
	/* Printing, and reading a standard input that is empty. */
	emit_allow_up_to(p, SYS_write, 0, 2);
	emit_allow_up_to(p, SYS_writev, 0, 2);
	emit_allow_up_to(p, SYS_lseek, 0, 2);
	emit_allow_equal(p, SYS_read, 0, 0);
	emit_allow_equal(p, SYS_ioctl, 1, TCGETS); /* "is it a terminal?", asks stdio */
	emit_allow_abort(p);
	emit_allow_timer(p);
	emit_allow_mmap(p);
	emit_allow_without(p, SYS_mprotect, 2, PROT_EXEC);
	emit_return(p, SECCOMP_RET_TRAP);
}

static bool filter_calls(void)
{
	struct program p = {.len = 0};
	struct sock_fprog prog = {.filter = p.code};

	make_program(&p);
	prog.len = p.len;
	if (p.len == SANDBOX_PROGRAM || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0;
}

#else

static bool filter_calls(void)
{
	return false;
}

#endif

void lab_sandbox(void)
{
	in_sandbox = true;
	if (SANDBOX_OFF)
		return;
	limit_resources();
	if (!filter_calls())
		runner_warn(lab_pick("system calls cannot be filtered here (no seccomp); the tests "
				     "run with resource limits only",
			"这里无法过滤系统调用（没有 seccomp）；测试只受资源限制约束"));
}
