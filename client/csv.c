/* SPDX-License-Identifier: Apache-2.0 */
#include "client/csv.h"

#include <string.h>

static const char *csv_error(struct pool *p, size_t column, const char *what)
{
	return pool_printf(p, "parse error on line 1, column %zu: %s", column, what);
}

/* csv_quoted reads a field whose opening quote is at *at - 1. */
static const char *csv_quoted(struct pool *p, const char *line, const char **at, struct text *field)
{
	const char *s = *at;

	for (;; s++) {
		if (*s == '\0')
			return csv_error(p, (size_t)(s - line) + 1,
				"extraneous or missing \" in quoted-field");
		if (*s == '"' && s[1] != '"')
			break;
		s += *s == '"';
		text_putc(field, *s);
	}
	s++;
	if (*s && *s != ',' && *s != '\n')
		return csv_error(p, (size_t)(s - line), "extraneous or missing \" in quoted-field");
	*at = s;
	return NULL;
}

static const char *csv_field(struct pool *p, const char *line, const char **at, struct text *field)
{
	size_t len = strcspn(*at, ",\n");
	const char *quote = memchr(*at, '"', len);

	if (**at == '"') {
		++*at;
		return csv_quoted(p, line, at, field);
	}
	if (quote)
		return csv_error(p, (size_t)(quote - line) + 1, "bare \" in non-quoted-field");
	text_add(field, *at, len);
	*at += len;
	return NULL;
}

const char *csv_parse(struct pool *p, const char *s, const char ***fields, size_t *n)
{
	const char *at = s, *bad;
	size_t most = 1;

	*n = 0;
	for (const char *c = s; *c; c++)
		most += *c == ',';
	*fields = pool_alloc(p, most * sizeof(**fields));
	if (*s == '\0')
		return NULL;
	for (;; at++) {
		struct text field;

		text_init(&field, p);
		bad = csv_field(p, s, &at, &field);
		if (bad)
			return bad;
		(*fields)[(*n)++] = field.data;
		if (*at != ',')
			return NULL;
	}
}
