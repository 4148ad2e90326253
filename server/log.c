/* SPDX-License-Identifier: Apache-2.0 */
#include "server/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/json_text.h"

/* A longer line is cut off. The tail holds what closes it. */
#define LOG_LINE_MAX 8192
#define LOG_TAIL 8
#define LOG_OUTPUTS_MAX 8

static const char *const level_names[] = {"debug", "info", "warn", "error", "panic", "fatal"};

enum log_level log_threshold = LOG_INFO;
static int outputs[LOG_OUTPUTS_MAX] = {STDERR_FILENO};
static int outputs_len = 1;

bool log_level_parse(const char *s, enum log_level *level)
{
	for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
		if (strcmp(s, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

const char *log_setup(enum log_level level, const char *list)
{
	static char error[512];
	char *copy = strdup(list), *save = NULL;
	int n = 0;

	log_threshold = level;
	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		int fd;
		if (n == LOG_OUTPUTS_MAX) {
			snprintf(error, sizeof error, "--log-outputs names more than %d outputs",
				LOG_OUTPUTS_MAX);
			free(copy);
			return error;
		}
		if (strcmp(name, "default") == 0 || strcmp(name, "stderr") == 0) {
			fd = STDERR_FILENO;
		} else if (strcmp(name, "stdout") == 0) {
			fd = STDOUT_FILENO;
		} else {
			fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
			if (fd < 0) {
				snprintf(error, sizeof error, "--log-outputs: cannot open %s: %s",
					name, strerror(errno));
				free(copy);
				return error;
			}
		}
		outputs[n++] = fd;
	}
	free(copy);
	if (n > 0)
		outputs_len = n;
	return NULL;
}

/* The last directory and the file name, as zap's short caller. */
static const char *short_file(const char *file)
{
	const char *slash = strrchr(file, '/');
	while (slash && slash > file && slash[-1] != '/')
		slash--;
	return slash ? slash : file;
}

static void put_field(struct json_text *t, const struct log_field *f)
{
	char hex[24];

	json_text_putc(t, ',');
	json_text_string(t, f->key, strlen(f->key));
	json_text_putc(t, ':');
	switch (f->kind) {
	case LOG_FIELD_STR:
		json_text_string(t, f->str ? f->str : "", f->str ? strlen(f->str) : 0);
		break;
	case LOG_FIELD_I64:
		json_text_i64(t, (int64_t)f->num);
		break;
	case LOG_FIELD_U64:
		json_text_u64(t, f->num);
		break;
	case LOG_FIELD_HEX:
		json_text_string(t, hex,
			(size_t)snprintf(hex, sizeof hex, "%llx", (unsigned long long)f->num));
		break;
	case LOG_FIELD_BOOL:
		json_text_puts(t, f->num ? "true" : "false");
		break;
	case LOG_FIELD_LIST:
		json_text_putc(t, '[');
		for (const char *const *s = f->list; s && *s; s++) {
			if (s != f->list)
				json_text_putc(t, ',');
			json_text_string(t, *s, strlen(*s));
		}
		json_text_putc(t, ']');
		break;
	}
}

void log_emit(enum log_level level, const char *file, int line, const char *msg,
	const struct log_field *fields)
{
	char buf[LOG_LINE_MAX], head[192], stamp[32];
	struct timespec now;
	struct tm tm;
	int saved_errno = errno;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
	struct json_text t = {.data = buf, .cap = sizeof buf - LOG_TAIL, .fixed = true};
	char where[80];
	snprintf(where, sizeof where, line ? "%.60s:%d" : "%.60s", short_file(file), line);
	int n = snprintf(head, sizeof head,
		"{\"level\":\"%s\",\"ts\":\"%s.%03ldZ\",\"caller\":\"%s\",\"msg\":",
		level_names[level], stamp, now.tv_nsec / 1000000, where);
	json_text_raw(&t, head, (size_t)n);
	/* A message too long for a line is halved until it fits, ... */
	for (size_t len = strlen(msg);; len /= 2) {
		t.len = (size_t)n;
		json_text_string(&t, msg, len);
		if (t.len < t.cap)
			break;
	}
	/* ... and a field goes in whole or not at all: what is cut off is still JSON. */
	for (; fields->key; fields++) {
		size_t before = t.len;
		put_field(&t, fields);
		if (t.len == t.cap)
			t.len = before;
	}
	memcpy(buf + t.len, "}\n", 2);
	for (int i = 0; i < outputs_len; i++) {
		/* A log that cannot be written has nowhere to say so. */
		ssize_t ignored = write(outputs[i], buf, t.len + 2);
		(void)ignored;
	}
	errno = saved_errno;
}

_Noreturn void log_exit(void)
{
	/* Threads may be at work: no destructors, only out. */
	_exit(1);
}
