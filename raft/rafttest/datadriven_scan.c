/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers and truth values in the arguments of datadriven commands, read and
 * complained about as Go's strconv does: some complaints are part of outputs.
 */
#include "raft/rafttest/datadriven.h"

#include <limits.h>
#include <string.h>

static const char bad_syntax[] = "invalid syntax";
static const char out_of_range[] = "value out of range";

const char *datadriven_parse_uint(const char *s, unsigned long long *n)
{
	unsigned long long value = 0;

	if (!*s)
		return bad_syntax;
	for (; *s; s++) {
		unsigned long long digit = (unsigned char)*s - (unsigned long long)'0';

		if (*s < '0' || *s > '9')
			return bad_syntax;
		/* Too much is noticed before what comes after it is looked at. */
		if (value > ULLONG_MAX / 10 || value * 10 > ULLONG_MAX - digit)
			return out_of_range;
		value = value * 10 + digit;
	}
	*n = value;
	return NULL;
}

const char *datadriven_parse_int(const char *s, long long *n)
{
	bool negative = *s == '-';
	unsigned long long value, limit = (unsigned long long)LLONG_MAX + negative;
	const char *why = datadriven_parse_uint(s + (*s == '-' || *s == '+'), &value);

	if (why)
		return why;
	if (value > limit)
		return out_of_range;
	*n = negative ? (long long)(0 - value) : (long long)value;
	return NULL;
}

const char *datadriven_parse_bool(const char *s, bool *b)
{
	static const char *const words[] = {
		"1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"};
	const size_t n = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(s, words[i]) == 0) {
			*b = i < n / 2;
			return NULL;
		}
	}
	return bad_syntax;
}

void datadriven_number_error(struct strbuf *b, const char *func, const char *s, const char *why)
{
	strbuf_printf(b, "strconv.%s: parsing ", func);
	strbuf_quote(b, s, strlen(s));
	strbuf_printf(b, ": %s", why);
}

static void check(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i, const char *why)
{
	if (why)
		datadriven_fatalf(d, "argument %s: \"%s\": %s", arg->key, arg->vals[i], why);
}

unsigned long long datadriven_scan_uint(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i)
{
	unsigned long long n = 0;

	check(d, arg, i, datadriven_parse_uint(arg->vals[i], &n));
	return n;
}

long long datadriven_scan_int(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i)
{
	long long n = 0;

	check(d, arg, i, datadriven_parse_int(arg->vals[i], &n));
	return n;
}

bool datadriven_scan_bool(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i)
{
	bool b = false;

	check(d, arg, i, datadriven_parse_bool(arg->vals[i], &b));
	return b;
}

const struct datadriven_arg *datadriven_only_value(const struct datadriven_cmd *d, const char *key)
{
	for (size_t i = 0; i < d->args_len; i++) {
		const struct datadriven_arg *arg = &d->args[i];

		if (strcmp(arg->key, key) != 0)
			continue;
		if (arg->vals_len != 1)
			datadriven_fatalf(d, "argument %s: one value is wanted, there are %zu", key,
				arg->vals_len);
		return arg;
	}
	datadriven_fatalf(d, "missing argument: %s", key);
}
