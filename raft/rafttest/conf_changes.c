/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/rafttest/conf_changes.h"
#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

#include <stdlib.h>
#include <string.h>

static bool parse_type(char c, enum raft_conf_change_type *type)
{
	static const enum raft_conf_change_type types[] = {RAFT_CONF_CHANGE_ADD_NODE,
		RAFT_CONF_CHANGE_ADD_LEARNER_NODE, RAFT_CONF_CHANGE_REMOVE_NODE,
		RAFT_CONF_CHANGE_UPDATE_NODE};
	static const char letters[] = "vlru";
	const char *at = memchr(letters, c, 4);

	if (at)
		*type = types[at - letters];
	return at;
}

static bool parse_one(const char *word, struct conf_changes *ccs, struct strbuf *err)
{
	struct raft_conf_change_single cc;
	const char *why;

	if (strlen(word) < 2) {
		strbuf_printf(err, "unknown token %s", word);
		return false;
	}
	if (!parse_type(*word, &cc.type)) {
		strbuf_printf(err, "unknown input: %s", word);
		return false;
	}
	if ((why = datadriven_parse_uint(word + 1, &cc.node_id))) {
		datadriven_number_error(err, "ParseUint", word + 1, why);
		return false;
	}
	ccs->v = raft_grow(ccs->v, &ccs->cap, ccs->len + 1u, sizeof(*ccs->v));
	ccs->v[ccs->len++] = cc;
	return true;
}

bool conf_changes_parse(const char *s, struct conf_changes *ccs, struct strbuf *err)
{
	struct strbuf copy = {0};
	bool ok = true;

	strbuf_puts(&copy, s);
	/* Exactly one space separates two words: two of them have an empty word
	 * in between, which is an error. */
	for (char *word = datadriven_trim(copy.s); ok && *copy.s && word;) {
		char *end = strchr(word, ' ');

		if (end)
			*end++ = '\0';
		else if (!*word)
			break;
		ok = parse_one(word, ccs, err);
		word = end;
	}
	strbuf_free(&copy);
	return ok;
}
