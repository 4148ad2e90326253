/* SPDX-License-Identifier: Apache-2.0 */
#include "client/txn_line.h"

#include <string.h>

#include "client/command/commands.h"
#include "client/go_text.h"
#include "client/op.h"

/* --- words ------------------------------------------------------------------------ */

static const char txn_space[] = " \t\n\f\r";

/* txn_quote_end returns the closing quote of the word that s opens, or NULL. */
static const char *txn_quote_end(const char *s)
{
	char quote = *s++;

	for (; *s && *s != quote; s++)
		if (*s == '\\' && quote == '"' && *++s == '\0')
			return NULL;
	return *s ? s : NULL;
}

/* txn_word reads the word at *line, which is not a space. A quote that is
 * nowhere closed is skipped. Returns: NULL, or what is wrong with it. */
static const char *txn_word(struct pool *p, const char **line, const char **word)
{
	ProtobufCBinaryData bytes;
	const char *end, *bad;
	size_t len;

	*word = NULL;
	if (**line != '"' && **line != '\'') {
		len = strcspn(*line, txn_space);
		*word = pool_strndup(p, *line, len);
		*line += len;
		return NULL;
	}
	end = txn_quote_end(*line);
	if (!end) {
		++*line;
		return NULL;
	}
	if (**line == '"') {
		bad = go_scan_quoted(p, line, &bytes);
		*word = (const char *)bytes.data;
		/* words are C strings here, and in the flags that they become */
		return !bad && strlen(*word) != bytes.len ? "NUL in a quoted word" : bad;
	}
	*word = pool_strndup(p, *line + 1, (size_t)(end - *line) - 1);
	*line = end + 1;
	return NULL;
}

int txn_line_words(struct ctl *ctl, const char *line, const char ***words, size_t *n)
{
	const char *word, *bad;

	*words = pool_alloc(ctl->pool, (strlen(line) + 1) * sizeof(**words));
	*n = 0;
	for (line += strspn(line, txn_space); *line; line += strspn(line, txn_space)) {
		bad = txn_word(ctl->pool, &line, &word);
		if (bad)
			return ctl_fail(ctl, CTL_INVALID_INPUT, "%s", bad);
		if (word)
			(*words)[(*n)++] = word;
	}
	return CTL_OK;
}

/* --- comparisons ------------------------------------------------------------------ */

/* What a comparison is made of. */
struct txn_compare {
	const char *target;
	ProtobufCBinaryData key;
	const char *op;
	ProtobufCBinaryData value;
};

/* txn_compare_split takes a comparison apart. Returns: false if that cannot be
 * done; what was found until then is in *c. */
static bool txn_compare_split(struct pool *p, const char *line, struct txn_compare *c)
{
	const char *paren = strchr(line, '(');
	size_t len;

	*c = (struct txn_compare){.op = ""};
	if (!paren)
		return false;
	c->target = pool_strndup(p, line, (size_t)(paren - line));
	line = paren + 1;
	if (go_scan_quoted(p, &line, &c->key) || *line++ != ')')
		return false;
	if (*line && !strchr(txn_space, *line))
		return false;
	line += strspn(line, txn_space);
	len = strcspn(line, txn_space);
	c->op = pool_strndup(p, line, len);
	line += len;
	return len > 0 && go_scan_quoted(p, &line, &c->value) == NULL;
}

static int txn_malformed(struct ctl *ctl, const char *line, const struct txn_compare *c)
{
	struct text t;

	text_init(&t, ctl->pool);
	text_printf(&t, "malformed comparison: %s", line);
	if (c->target) {
		text_printf(&t, "; got %s(", c->target);
		go_quote(&t, c->key.data, c->key.len);
		text_printf(&t, ") %s ", c->op);
		go_quote(&t, c->value.data, c->value.len);
	}
	return ctl_fail(ctl, CTL_INVALID_INPUT, "%s", t.data);
}

static bool txn_operator(const char *op, Etcdserverpb__Compare__CompareResult *result)
{
	static const struct {
		const char *op;
		Etcdserverpb__Compare__CompareResult result;
	} ops[] = {
		{"=", ETCDSERVERPB__COMPARE__COMPARE_RESULT__EQUAL},
		{"!=", ETCDSERVERPB__COMPARE__COMPARE_RESULT__NOT_EQUAL},
		{">", ETCDSERVERPB__COMPARE__COMPARE_RESULT__GREATER},
		{"<", ETCDSERVERPB__COMPARE__COMPARE_RESULT__LESS},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		if (strcmp(ops[i].op, op) == 0) {
			*result = ops[i].result;
			return true;
		}
	}
	return false;
}

/* A target: how it is called, what it is in the request. */
struct txn_target {
	const char *name;
	const char *shorter;
	Etcdserverpb__Compare__CompareTarget target;
	Etcdserverpb__Compare__TargetUnionCase member;
	int base; /* of the number compared with; 0: not a number */
};

static const struct txn_target *txn_target(const char *name)
{
	static const struct txn_target targets[] = {
		{"version", "ver", ETCDSERVERPB__COMPARE__COMPARE_TARGET__VERSION,
			ETCDSERVERPB__COMPARE__TARGET_UNION_VERSION, 10},
		{"create", "c", ETCDSERVERPB__COMPARE__COMPARE_TARGET__CREATE,
			ETCDSERVERPB__COMPARE__TARGET_UNION_CREATE_REVISION, 10},
		{"mod", "m", ETCDSERVERPB__COMPARE__COMPARE_TARGET__MOD,
			ETCDSERVERPB__COMPARE__TARGET_UNION_MOD_REVISION, 10},
		{"value", "val", ETCDSERVERPB__COMPARE__COMPARE_TARGET__VALUE,
			ETCDSERVERPB__COMPARE__TARGET_UNION_VALUE, 0},
		{"lease", "lease", ETCDSERVERPB__COMPARE__COMPARE_TARGET__LEASE,
			ETCDSERVERPB__COMPARE__TARGET_UNION_LEASE, 16},
	};

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		if (strcmp(targets[i].name, name) == 0 || strcmp(targets[i].shorter, name) == 0)
			return &targets[i];
	return NULL;
}

int txn_line_compare(struct ctl *ctl, const char *line, Etcdserverpb__Compare **out)
{
	Etcdserverpb__Compare *compare = pool_alloc(ctl->pool, sizeof(*compare));
	const struct txn_target *target;
	struct txn_compare c;
	int64_t number;

	*out = compare;
	etcdserverpb__compare__init(compare);
	if (!txn_compare_split(ctl->pool, line, &c))
		return txn_malformed(ctl, line, &c);
	target = txn_target(c.target);
	if (!target)
		return ctl_fail(ctl, CTL_INVALID_INPUT,
			"malformed comparison: %s (unknown target %s)", line, c.target);
	if (!txn_operator(c.op, &compare->result))
		return ctl_fail(ctl, CTL_INVALID_INPUT,
			"malformed comparison: %s (unknown operator %s)", line, c.op);
	compare->key = c.key;
	compare->target = target->target;
	compare->target_union_case = target->member;
	if (target->base == 0) {
		compare->value = c.value;
		return CTL_OK;
	}
	if (strlen((char *)c.value.data) != c.value.len ||
		go_parse_int((char *)c.value.data, target->base, &number))
		return ctl_fail(ctl, CTL_INVALID_INPUT, "invalid txn compare request: %s", line);
	compare->version = number; /* all of the union's numbers lie in one place */
	return CTL_OK;
}

/* --- requests --------------------------------------------------------------------- */

static const struct command txn_help = {.name = "help"};
static const struct command *const txn_commands[] = {
	&command_get, &command_put, &command_del, &txn_help, NULL};
static const struct command txn_root = {.name = "", .children = txn_commands};
static const struct flag_def txn_help_flag = {"help", 'h', FLAG_BOOL, "false", "", false};

static int txn_build(struct ctl *ctl, const struct command *c, const struct flagset *fs,
	Etcdserverpb__RequestOp *op)
{
	if (c == &command_get) {
		op->request_case = ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE;
		return op_get(ctl, fs, &op->request_range);
	}
	if (c == &command_put) {
		op->request_case = ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT;
		return op_put(ctl, fs, OP_ARGUMENTS_ONLY, &op->request_put);
	}
	op->request_case = ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE;
	return op_del(ctl, fs, &op->request_delete_range);
}

int txn_line_request(struct ctl *ctl, const char *line, Etcdserverpb__RequestOp **out)
{
	Etcdserverpb__RequestOp *op = pool_alloc(ctl->pool, sizeof(*op));
	struct command_found found;
	struct flagset fs;
	const char **words;
	size_t n;
	int code = txn_line_words(ctl, line, &words, &n);

	*out = op;
	etcdserverpb__request_op__init(op);
	if (code)
		return code;
	if (n < 2)
		return ctl_fail(ctl, CTL_INVALID_INPUT, "invalid txn compare request: %s", line);
	found = command_find(ctl->pool, &txn_root, words, n);
	flagset_init(&fs, ctl->pool);
	flagset_add(&fs, &txn_help_flag, 1);
	flagset_add(&fs, found.command->flags, found.command->n_flags);
	if (!found.command->run || flagset_parse(&fs, found.rest, found.n_rest) ||
		flag_bool(&fs, "help"))
		return ctl_fail(ctl, CTL_INVALID_INPUT, "invalid txn request: %s", line);
	return txn_build(ctl, found.command, &fs, op);
}
