/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/frame.h"

#include "lab/labkit/departure.h"
#include "lab/labkit/event_internal.h"
#include "lab/labkit/mask.h"
#include "lab/labkit/sandbox.h"
#include "lab/labkit/words.h"
#include "raft/rafttest/runner_kit.h"

#include <string.h>
#include <time.h>

/* Seconds of processor time: what the reference may take; the student, when the
 * reference took much less; and how many times longer than it. */
#define FRAME_CPU_MOST 2.0
#define FRAME_CPU_LEAST 0.4
#define FRAME_PATIENCE 8

static enum lab_phase phase;

/* What the test has told the student, copied: the heap may be in ruins when the notes
 * are written. */
static char about[1024], think[1024];

enum lab_phase lab_phase(void)
{
	return phase;
}

/* --- notes ------------------------------------------------------------------------------------ */

/* Adds "key: text" as a line. */
static void note(char *notes, size_t size, const char *key, const char *text)
{
	size_t len = strlen(notes);

	if (!*text)
		return;
	snprintf(notes + len, size - len, "%s%s: %s", len ? "\n" : "", key, text);
	for (char *p = notes + len + (len > 0); *p; p++)
		if (*p == '\n')
			*p = ' ';
}

/* Writes all that is known by now, where it outlives the process. */
static void write_notes(void)
{
	const struct lab_departure *d = lab_departure();
	size_t size;
	char *notes = runner_notes(&size);

	notes[0] = '\0';
	note(notes, size, "about", about);
	note(notes, size, "think", think);
	if (!d)
		return;
	note(notes, size, "departs", d->event.s);
	note(notes, size, "reference", d->reference.s);
	note(notes, size, "yours", d->yours.s);
}

void lab_about(const char *text)
{
	snprintf(about, sizeof(about), "%s", text);
	write_notes();
}

void lab_think(const char *question)
{
	snprintf(think, sizeof(think), "%s", question);
	write_notes();
}

/* How a test that was cut off in the middle of an event came to its end. */
static void how_it_ended(struct lab_text *t, enum runner_result result, const char *msg)
{
	switch (result) {
	case RUNNER_TIMEOUT:
		lab_text_either(t, "your code does not come to an end", "你的代码没有结束");
		break;
	case RUNNER_PANIC:
		lab_text_either(t, "raft stops the program: %s", "raft 终止了程序：%s", msg);
		break;
	case RUNNER_EXIT:
		lab_text_either(t, "your code ends the program by exit()",
			"你的代码调用 exit() 结束了程序");
		break;
	case RUNNER_MEMORY:
		lab_text_either(t, "your code uses up all memory", "你的代码用尽了内存");
		break;
	case RUNNER_FORBIDDEN:
		lab_text_either(t, "your code calls %s, which is not allowed here",
			"你的代码调用了这里不允许的 %s", msg);
		break;
	default:
		lab_text_either(t, "the program crashes: %s", "程序崩溃：%s", msg);
		break;
	}
}

static void last_words(enum runner_result result, const char *msg)
{
	static struct lab_text how;

	if (phase == LAB_STUDENT && result != RUNNER_FAIL) {
		how.len = 0;
		how_it_ended(&how, result, msg);
		lab_event_cut_off(how.s);
	}
	write_notes();
}

_Noreturn void lab_fail(const char *file, int line, const char *expected, const char *seen)
{
	runner_fail(file, line, "expected: %s\nseen: %s", expected, seen);
}

/* --- the two phases
 * ------------------------------------------------------------------------------- */

static bool check(void)
{
	unsigned long long mask;

	return lab_mask_students(&mask);
}

static void begin_phase(enum lab_phase p, unsigned long long mask)
{
	phase = p;
	about[0] = think[0] = '\0';
	lab_event_forget();
	lab_departure_forget();
	lab_mask_swap(mask);
	runner_blame_reference(p == LAB_REFERENCE);
	if (p == LAB_REFERENCE)
		lab_record_start();
	else
		lab_record_replay();
}

static double cpu_seconds(void)
{
	struct timespec ts = {0};

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* A hang should be noticed soon, and on a slow machine nothing else be taken for one: the
 * student has several times what the reference took. */
static void limit_student(double reference)
{
	double limit = reference * FRAME_PATIENCE;

	limit = limit < FRAME_CPU_LEAST ? FRAME_CPU_LEAST : limit;
	lab_sandbox_time(limit > FRAME_CPU_MOST ? FRAME_CPU_MOST : limit);
}

static void run(void (*body)(void))
{
	unsigned long long students;
	double before = cpu_seconds();

	lab_mask_students(&students);
	begin_phase(LAB_REFERENCE, 0);
	body();
	begin_phase(LAB_STUDENT, students);
	limit_student(cpu_seconds() - before);
	body();
	write_notes();
	phase = 0;
}

const struct runner_kit lab_kit = {
	.cpu_seconds = FRAME_CPU_MOST,
	.check = check,
	.confine = lab_sandbox,
	.run = run,
	.last_words = last_words,
	.syscall_name = lab_syscall_name,
};
