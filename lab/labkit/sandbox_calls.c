/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/sandbox_calls.h"

#include "lab/labkit/sandbox.h"

#include <sys/syscall.h>

const int lab_calls_allowed[] = {
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_futex,
	SYS_fstat,
	SYS_newfstatat, /* what fstat() is made of: tells, and changes nothing */
	SYS_getrandom,
	SYS_clock_gettime,
	SYS_gettimeofday,
#ifdef SYS_time
	SYS_time,
#endif
	SYS_times,
	SYS_sysinfo,
	SYS_getrusage,
	SYS_getpid,
	SYS_getppid,
	SYS_gettid,
	SYS_sched_yield,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
};
const size_t lab_calls_allowed_len = sizeof(lab_calls_allowed) / sizeof(lab_calls_allowed[0]);

/* By the name of the function that a student would call. */
static const struct {
	int nr;
	const char *name;
} names[] = {
	{SYS_openat, "open"},
#ifdef SYS_open
	{SYS_open, "open"},
	{SYS_creat, "creat"},
	{SYS_fork, "fork"},
	{SYS_vfork, "vfork"},
	{SYS_unlink, "unlink"},
	{SYS_rename, "rename"},
	{SYS_mkdir, "mkdir"},
	{SYS_rmdir, "rmdir"},
	{SYS_chmod, "chmod"},
	{SYS_pipe, "pipe"},
	{SYS_dup2, "dup2"},
	{SYS_access, "access"},
	{SYS_readlink, "readlink"},
	{SYS_getdents, "readdir"},
	{SYS_alarm, "alarm"},
	{SYS_pause, "pause"},
	{SYS_poll, "poll"},
	{SYS_select, "select"},
#endif
#ifdef SYS_clone3
	{SYS_clone3, "clone"},
#endif
	{SYS_clone, "fork"},
	{SYS_execve, "exec"},
	{SYS_execveat, "exec"},
	{SYS_kill, "kill"},
	{SYS_tkill, "kill"},
	{SYS_tgkill, "raise"},
	{SYS_rt_sigqueueinfo, "sigqueue"},
	{SYS_ptrace, "ptrace"},
	{SYS_rt_sigaction, "sigaction"},
	{SYS_rt_sigsuspend, "sigsuspend"},
	{SYS_rt_sigtimedwait, "sigwait"},
	{SYS_sigaltstack, "sigaltstack"},
	{SYS_setitimer, "setitimer"},
	{SYS_timer_create, "timer_create"},
	{SYS_nanosleep, "sleep"},
	{SYS_clock_nanosleep, "sleep"},
	{SYS_ppoll, "poll"},
	{SYS_pselect6, "select"},
	{SYS_read, "read"},
	{SYS_write, "write"},
	{SYS_writev, "write"},
	{SYS_pwrite64, "pwrite"},
	{SYS_pread64, "pread"},
	{SYS_lseek, "lseek"},
	{SYS_sendfile, "sendfile"},
	{SYS_close, "close"},
	{SYS_close_range, "close_range"},
	{SYS_dup, "dup"},
	{SYS_dup3, "dup2"},
	{SYS_fcntl, "fcntl"},
	{SYS_ioctl, "ioctl"},
	{SYS_ftruncate, "ftruncate"},
	{SYS_truncate, "truncate"},
	{SYS_fsync, "fsync"},
	{SYS_unlinkat, "unlink"},
	{SYS_renameat2, "rename"},
	{SYS_mkdirat, "mkdir"},
	{SYS_fchmodat, "chmod"},
	{SYS_linkat, "link"},
	{SYS_symlinkat, "symlink"},
	{SYS_faccessat, "access"},
	{SYS_readlinkat, "readlink"},
	{SYS_getdents64, "readdir"},
	{SYS_getcwd, "getcwd"},
	{SYS_chdir, "chdir"},
	{SYS_pipe2, "pipe"},
	{SYS_memfd_create, "memfd_create"},
	{SYS_socket, "socket"},
	{SYS_socketpair, "socketpair"},
	{SYS_connect, "connect"},
	{SYS_bind, "bind"},
	{SYS_sendto, "send"},
	{SYS_mmap, "mmap"},
	{SYS_mprotect, "mprotect"},
	{SYS_setrlimit, "setrlimit"},
	{SYS_prlimit64, "setrlimit"},
	{SYS_prctl, "prctl"},
	{SYS_setpgid, "setpgid"},
	{SYS_setsid, "setsid"},
	{SYS_wait4, "wait"},
	{SYS_waitid, "wait"},
	{SYS_setuid, "setuid"},
	{SYS_process_vm_readv, "process_vm_readv"},
	{SYS_process_vm_writev, "process_vm_writev"},
	{SYS_reboot, "reboot"},
	{SYS_uname, "uname"},
};

const char *lab_syscall_name(int nr)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].nr == nr)
			return names[i].name;
	return NULL;
}
