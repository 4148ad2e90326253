/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading datadriven scripts: lines, directives and their arguments, input and
 * expected output. The original: line_parser.go, test_data_reader.go.
 */
#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

#include <stdlib.h>
#include <string.h>

static char *dup_range(const char *s, size_t len)
{
	char *out = raft_malloc(len + 1);

	memcpy(out, s, len);
	out[len] = '\0';
	return out;
}

static char *dup_text(const char *s)
{
	return dup_range(s, strlen(s));
}

/* ---- White space ---------------------------------------------------------- */

/* What Go's unicode.IsSpace holds for space beyond ASCII, in UTF-8. */
static const char *const wide_spaces[] = {"\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001",
	"\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
	"\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

static bool is_ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The bytes of white space that s begins with; 0 if it is something else. */
static size_t space_before(const char *s)
{
	if (is_ascii_space(*s))
		return 1;
	if (!((unsigned char)*s & 0x80))
		return 0;
	for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(wide_spaces[0]); i++)
		if (strncmp(s, wide_spaces[i], strlen(wide_spaces[i])) == 0)
			return strlen(wide_spaces[i]);
	return 0;
}

/* The bytes of white space that s, len bytes long, ends in. */
static size_t space_behind(const char *s, size_t len)
{
	if (len > 0 && is_ascii_space(s[len - 1]))
		return 1;
	for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(wide_spaces[0]); i++) {
		size_t n = strlen(wide_spaces[i]);

		if (len >= n && memcmp(s + len - n, wide_spaces[i], n) == 0)
			return n;
	}
	return 0;
}

char *datadriven_trim(char *s)
{
	size_t n;

	while ((n = space_before(s)) > 0)
		s += n;
	for (size_t len = strlen(s); (n = space_behind(s, len)) > 0; s[len] = '\0')
		len -= n;
	return s;
}

/* ---- Directives ------------------------------------------------------------- */

/* Takes the text up to one of chars off *line. */
static char *until(char **line, const char *chars)
{
	size_t n = strcspn(*line, chars);
	char *out = dup_range(*line, n);

	*line += n;
	return out;
}

static void push_val(struct datadriven_arg *arg, char *val)
{
	arg->vals = raft_realloc(arg->vals, (arg->vals_len + 1) * sizeof(*arg->vals));
	arg->vals[arg->vals_len++] = val;
}

/* Reads "(a, b)" from *line. Commas and parentheses inside inner parentheses
 * belong to the value. Returns: false if the last one is missing. */
static bool parse_list(char **line, struct datadriven_arg *arg)
{
	char *start = *line + 1;
	int depth = 1;

	for (char *p = start; *p; p++) {
		if (*p == '(') {
			depth++;
		} else if (*p == ')' && --depth == 0) {
			push_val(arg, dup_range(start, (size_t)(p - start)));
			*line = p + 1;
			return true;
		} else if (*p == ',' && depth == 1) {
			push_val(arg, dup_range(start, (size_t)(p - start)));
			start = p + 1 + strspn(p + 1, " ");
			p = start - 1;
		}
	}
	return false;
}

static bool parse_arg(char **line, struct datadriven_arg *arg)
{
	arg->key = until(line, " =");
	if (!*arg->key)
		return false;
	if (**line != '=')
		return true;
	(*line)++;
	if (**line == '(')
		return parse_list(line, arg);
	push_val(arg, until(line, " "));
	return true;
}

size_t datadriven_parse_line(const char *text, struct datadriven_cmd *d)
{
	char *copy = dup_text(text), *line = datadriven_trim(copy), *start = line;
	size_t column = 0;

	d->cmd = until(&line, " ");
	line = datadriven_trim(line);
	while (*line && column == 0) {
		d->args = raft_realloc(d->args, (d->args_len + 1) * sizeof(*d->args));
		d->args[d->args_len] = (struct datadriven_arg){0};
		if (parse_arg(&line, &d->args[d->args_len++]))
			line = datadriven_trim(line);
		else
			column = (size_t)(line - start) + 1;
	}
	free(copy);
	return column;
}

void datadriven_cmd_free(struct datadriven_cmd *d)
{
	for (size_t i = 0; i < d->args_len; i++) {
		for (size_t k = 0; k < d->args[i].vals_len; k++)
			free(d->args[i].vals[k]);
		free(d->args[i].vals);
		free(d->args[i].key);
	}
	free(d->args);
	free(d->text);
	free(d->cmd);
	free(d->input);
	free(d->expected);
	*d = (struct datadriven_cmd){.file = d->file};
}

/* ---- The reader ---------------------------------------------------------------- */

void datadriven_reader_init(struct datadriven_reader *r, const char *file, const char *text,
	size_t len, struct strbuf *rewrite)
{
	*r = (struct datadriven_reader){
		.file = file, .next = text, .end = text + len, .rewrite = rewrite};
	r->cmd.file = file;
}

void datadriven_reader_free(struct datadriven_reader *r)
{
	datadriven_cmd_free(&r->cmd);
	strbuf_free(&r->error);
	free(r->text);
	*r = (struct datadriven_reader){0};
}

/* Reads the next line into r->text. Returns: false at the end. */
static bool read_line(struct datadriven_reader *r)
{
	if (r->next == r->end)
		return false;

	const char *nl = memchr(r->next, '\n', (size_t)(r->end - r->next));
	size_t len = (size_t)((nl ? nl : r->end) - r->next);

	if (len + 1 > r->text_cap) {
		r->text_cap = RAFT_MAX(len + 1, 2 * r->text_cap);
		r->text = raft_realloc(r->text, r->text_cap);
	}
	memcpy(r->text, r->next, len);
	if (len > 0 && r->text[len - 1] == '\r')
		len--;
	r->text[len] = '\0';
	r->next = nl ? nl + 1 : r->end;
	r->line++;
	return true;
}

static bool read_separator(struct datadriven_reader *r, bool *end)
{
	*end = !read_line(r);
	return !*end && strcmp(r->text, "----") == 0;
}

static void emit(struct datadriven_reader *r, const char *line)
{
	if (!r->rewrite)
		return;
	strbuf_puts(r->rewrite, line);
	strbuf_putc(r->rewrite, '\n');
}

static void add_line(struct strbuf *b, const char *line)
{
	strbuf_puts(b, line);
	strbuf_putc(b, '\n');
}

static const char *skip_space(const char *s)
{
	for (size_t n; (n = space_before(s)) > 0;)
		s += n;
	return s;
}

static bool blank(const char *s)
{
	return !*skip_space(s);
}

/* Reads the lines of a directive; the first one is r->text. */
static void read_directive(struct datadriven_reader *r)
{
	struct strbuf line = {0};

	strbuf_puts(&line, datadriven_trim(r->text));
	while (line.len > 0 && line.s[line.len - 1] == '\\' && read_line(r)) {
		emit(r, r->text);
		line.s[--line.len] = '\0';
		strbuf_putc(&line, ' ');
		strbuf_puts(&line, datadriven_trim(r->text));
	}
	r->cmd.text = dup_text(datadriven_trim(line.s));
	strbuf_free(&line);
}

static bool read_input(struct datadriven_reader *r)
{
	struct strbuf input = {0};
	bool end, separator;

	while (!(separator = read_separator(r, &end)) && !end) {
		emit(r, r->text);
		add_line(&input, r->text);
	}

	char *text = strbuf_take(&input);
	r->cmd.input = dup_text(datadriven_trim(text));
	free(text);
	return separator;
}

/* Reads what stands between two pairs of "----"; the first is read already.
 * Returns: false if the second is followed by something, which would get lost. */
static bool read_enclosed(struct datadriven_reader *r, struct strbuf *out)
{
	bool end;

	while (read_line(r)) {
		bool maybe = strcmp(r->text, "----") == 0;

		if (maybe && read_separator(r, &end))
			return !read_line(r) || !*r->text;
		if (maybe)
			strbuf_puts(out, "----\n");
		if (!maybe || !end)
			add_line(out, r->text);
	}
	return true;
}

static bool read_expected(struct datadriven_reader *r)
{
	struct strbuf out = {0};
	bool ok = true, end;

	r->cmd.expected_line = r->line + 1;
	if (read_separator(r, &end)) {
		r->cmd.expected_line++;
		ok = read_enclosed(r, &out);
	} else {
		while (!end && !blank(r->text)) {
			add_line(&out, r->text);
			end = !read_line(r);
		}
	}
	r->cmd.expected = strbuf_take(&out);
	return ok;
}

/* Reads the command that begins with r->text. */
static enum datadriven_next read_cmd(struct datadriven_reader *r)
{
	size_t column;

	read_directive(r);
	if ((column = datadriven_parse_line(r->cmd.text, &r->cmd)) > 0) {
		strbuf_printf(&r->error, "%s:%zu: cannot parse directive at column %zu: %s",
			r->file, r->cmd.line, column, r->cmd.text);
		return DATADRIVEN_ERROR;
	}
	r->cmd.expected_line = 0;
	if (strcmp(r->cmd.cmd, "subtest") == 0 || !*r->cmd.cmd) {
		r->cmd.input = dup_text("");
		r->cmd.expected = dup_text("");
		return DATADRIVEN_CMD;
	}
	if (!read_input(r)) {
		r->cmd.expected = dup_text("");
	} else if (!read_expected(r)) {
		strbuf_printf(&r->error,
			"%s:%zu: non-blank line after end of double ---- separator section",
			r->file, r->line);
		return DATADRIVEN_ERROR;
	}
	return DATADRIVEN_CMD;
}

/* Strings end at a zero byte, so a text that has one could not be told in full. */
static bool is_text(struct datadriven_reader *r)
{
	const char *nul = memchr(r->next, '\0', (size_t)(r->end - r->next));

	if (!nul)
		return true;
	while (r->next <= nul && read_line(r))
		;
	strbuf_printf(&r->error, "%s:%zu: zero byte: this is no text", r->file, r->line);
	return false;
}

enum datadriven_next datadriven_next(struct datadriven_reader *r)
{
	if (r->line == 0 && !is_text(r))
		return DATADRIVEN_ERROR;
	while (read_line(r)) {
		emit(r, r->text);
		datadriven_cmd_free(&r->cmd);
		r->cmd.line = r->line;
		if (*skip_space(r->text) == '#' || blank(r->text))
			continue;

		enum datadriven_next next = read_cmd(r);
		if (next != DATADRIVEN_CMD || *r->cmd.cmd)
			return next;
	}
	return DATADRIVEN_END;
}
