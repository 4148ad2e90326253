/* SPDX-License-Identifier: Apache-2.0 */
/* log: structured log lines, one JSON object each, in the form of etcd's (zap):
 *
 *	{"level":"info","ts":"2026-01-31T12:00:00.000Z","caller":"server/main.c:10",
 *	 "msg":"ready to serve client requests","address":"127.0.0.1:2379"}
 *
 * A line is one write(2), so lines of several threads don't mix. Arguments are
 * evaluated only when the level is on. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_PANIC, LOG_FATAL };

/* log_field is one key and its value; made by the LOG_... macros below. */
struct log_field {
	const char *key;
	enum {
		LOG_FIELD_STR,
		LOG_FIELD_I64,
		LOG_FIELD_U64,
		LOG_FIELD_HEX,
		LOG_FIELD_BOOL,
		LOG_FIELD_LIST
	} kind;
	const char *str;
	uint64_t num;
	const char *const *list;
};

#define LOG_STR(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_STR, .str = (v)})
#define LOG_I64(k, v)                                                                              \
	((struct log_field){.key = (k), .kind = LOG_FIELD_I64, .num = (uint64_t)(int64_t)(v)})
#define LOG_U64(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_U64, .num = (v)})
/* ids are shown in hexadecimal, as a string, as etcd does */
#define LOG_ID(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_HEX, .num = (v)})
#define LOG_BOOL(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_BOOL, .num = (v)})
/* a list of strings that ends in NULL */
#define LOG_LIST(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_LIST, .list = (v)})

/* log_setup says which lines appear, and where. Until it is called they are
 * those from info on, on stderr. outputs is a list of `default` (stderr),
 * `stdout`, `stderr` and file names, separated by commas.
 *
 * Requires:   no other thread logs yet.
 * Returns:    NULL, or what is wrong, in a static buffer. */
const char *log_setup(enum log_level level, const char *outputs);

/* log_level_parse understands debug, info, warn, error, panic, fatal. */
bool log_level_parse(const char *s, enum log_level *level);

extern enum log_level log_threshold;

/* log_emit writes one line; use the macros. fields ends with one without a key.
 * line 0: there is none to name. */
void log_emit(enum log_level level, const char *file, int line, const char *msg,
	const struct log_field *fields);

#define log_at(level, msg, ...)                                                                    \
	do {                                                                                       \
		if ((level) >= log_threshold)                                                      \
			log_emit(level, __FILE__, __LINE__, msg,                                   \
				(const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}});        \
	} while (0)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_at(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
/* log_fatal says why the process cannot go on, and ends it with status 1. */
#define log_fatal(...)                                                                             \
	do {                                                                                       \
		log_at(LOG_FATAL, __VA_ARGS__);                                                    \
		log_exit();                                                                        \
	} while (0)

_Noreturn void log_exit(void);

#endif
