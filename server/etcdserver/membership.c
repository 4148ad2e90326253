/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/membership.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/etcdserver/sha1.h"
#include "server/json_text.h"
#include "server/util.h"

/* Ids are 64-bit numbers without sign, which jansson does not have; whoever
 * needs one gets it from elsewhere, so a rounded one does no harm. */
#define MEMBER_JSON_FLAGS JSON_DECODE_INT_AS_REAL

static void strings_free(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
}

static void member_free(struct member *mb)
{
	free(mb->name);
	strings_free(mb->peer_urls);
	strings_free(mb->client_urls);
}

void membership_init(struct membership *m)
{
	*m = (struct membership){0};
	pthread_mutex_init(&m->lock, NULL);
}

void membership_free(struct membership *m)
{
	for (size_t i = 0; i < m->n; i++)
		member_free(&m->members[i]);
	free(m->members);
	pthread_mutex_destroy(&m->lock);
}

/* --- ids ----------------------------------------------------------------------- */

uint64_t membership_member_id(const struct config_urls *peer_urls, const char *token)
{
	struct xbuf sb = {0};

	for (size_t i = 0; i < peer_urls->n; i++)
		xbuf_puts(&sb, peer_urls->texts[i]);
	xbuf_puts(&sb, token);
	uint64_t id = sha1_first8(sb.data, sb.len);
	xbuf_free(&sb);
	return id;
}

static int id_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

uint64_t membership_first_cluster_id(const uint64_t *ids, size_t n)
{
	uint64_t *sorted = xreallocarray(NULL, n, sizeof *sorted);
	struct xbuf sb = {0};

	memcpy(sorted, ids, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, id_compare);
	for (size_t i = 0; i < n; i++)
		for (int shift = 56; shift >= 0; shift -= 8)
			xbuf_putc(&sb, (char)(sorted[i] >> shift));
	uint64_t id = sha1_first8(sb.data, sb.len);
	xbuf_free(&sb);
	free(sorted);
	return id;
}

/* --- JSON ---------------------------------------------------------------------- */

static void put_strings(struct json_text *t, const char *key, char *const *list)
{
	json_text_putc(t, '"');
	json_text_puts(t, key);
	json_text_puts(t, "\":[");
	for (char *const *s = list; s && *s; s++) {
		if (s != list)
			json_text_putc(t, ',');
		json_text_string(t, *s, strlen(*s));
	}
	json_text_putc(t, ']');
}

static char *member_json(const struct member *mb)
{
	struct json_text t = {0};

	json_text_puts(&t, "{\"id\":");
	json_text_u64(&t, mb->id);
	json_text_putc(&t, ',');
	put_strings(&t, "peerURLs", mb->peer_urls);
	if (*mb->name) {
		json_text_puts(&t, ",\"name\":");
		json_text_string(&t, mb->name, strlen(mb->name));
	}
	if (mb->client_urls && *mb->client_urls) {
		json_text_putc(&t, ',');
		put_strings(&t, "clientURLs", mb->client_urls);
	}
	json_text_putc(&t, '}');
	json_text_putc(&t, 0);
	return t.data;
}

char *membership_member_json(uint64_t id, const struct config_urls *peer_urls, const char *name)
{
	struct member mb = {
		.id = id, .name = (char *)(uintptr_t)name, .peer_urls = peer_urls->texts};
	return member_json(&mb);
}

static char **strings_of(const json_t *array)
{
	size_t n = json_array_size(array), len = 0;
	char **list = xcalloc(n + 1, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_array_get(array, i));
		if (s)
			list[len++] = xstrdup(s);
	}
	return list;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));
	return s ? s : "";
}

static struct member member_of(uint64_t id, const json_t *object)
{
	return (struct member){
		.id = id,
		.name = xstrdup(text_of(object, "name")),
		.peer_urls = strings_of(json_object_get(object, "peerURLs")),
		.client_urls = strings_of(json_object_get(object, "clientURLs")),
	};
}

/* --- the list -------------------------------------------------------------------- */

static struct member *find(struct membership *m, uint64_t id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->members[i].id == id)
			return &m->members[i];
	return NULL;
}

static void insert(struct membership *m, struct member mb)
{
	size_t at = 0;

	m->members = xreallocarray(m->members, m->n + 1, sizeof *m->members);
	while (at < m->n && m->members[at].id < mb.id)
		at++;
	memmove(&m->members[at + 1], &m->members[at], (m->n - at) * sizeof *m->members);
	m->members[at] = mb;
	m->n++;
}

static void save(struct backend *b, const struct member *mb)
{
	char key[24], *json = member_json(mb);

	snprintf(key, sizeof key, "%" PRIx64, mb->id);
	backend_put(b, BACKEND_MEMBERS, key, strlen(key), json, strlen(json));
	free(json);
}

static bool load_one(void *arg, struct backend_value key, struct backend_value value)
{
	struct membership *m = arg;
	char hex[24] = "";
	json_t *object = json_loadb(value.data, value.len, MEMBER_JSON_FLAGS, NULL);

	if (key.len < sizeof hex)
		memcpy(hex, key.data, key.len);
	if (object)
		insert(m, member_of(strtoull(hex, NULL, 16), object));
	json_decref(object);
	return true;
}

static bool load_version(void *arg, struct backend_value key, struct backend_value value)
{
	struct membership *m = arg;
	size_t n = value.len < sizeof m->version ? value.len : sizeof m->version - 1;

	if (key.len == 14 && memcmp(key.data, "clusterVersion", 14) == 0)
		memcpy(m->version, value.data, n);
	return true;
}

void membership_load(struct membership *m, struct backend *b)
{
	struct backend_read members = {.b = b}, cluster = {.b = b};

	pthread_mutex_lock(&m->lock);
	backend_for_each(&members, BACKEND_MEMBERS, NULL, 0, load_one, m);
	backend_read_end(&members);
	backend_for_each(&cluster, BACKEND_CLUSTER, NULL, 0, load_version, m);
	backend_read_end(&cluster);
	pthread_mutex_unlock(&m->lock);
}

bool membership_add_member(
	struct membership *m, struct backend *b, uint64_t id, const char *json, size_t len)
{
	json_t *object = json_loadb(json, len, MEMBER_JSON_FLAGS, NULL);

	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	pthread_mutex_lock(&m->lock);
	if (!find(m, id)) {
		insert(m, member_of(id, object));
		save(b, find(m, id));
	}
	pthread_mutex_unlock(&m->lock);
	json_decref(object);
	return true;
}

static bool set_attributes(struct membership *m, struct backend *b, uint64_t id, const char *val)
{
	json_t *object = json_loads(val, MEMBER_JSON_FLAGS, NULL);
	bool ok = false;

	pthread_mutex_lock(&m->lock);
	struct member *mb = find(m, id);
	if (mb && json_is_object(object)) {
		free(mb->name);
		strings_free(mb->client_urls);
		mb->name = xstrdup(text_of(object, "name"));
		mb->client_urls = strings_of(json_object_get(object, "clientURLs"));
		save(b, mb);
		ok = true;
	}
	pthread_mutex_unlock(&m->lock);
	json_decref(object);
	return ok;
}

bool membership_apply_v2(struct membership *m, struct backend *b, const char *path, const char *val)
{
	uint64_t id;
	int end = 0;

	if (strcmp(path, "/0/version") == 0 && strlen(val) < sizeof m->version) {
		pthread_mutex_lock(&m->lock);
		strcpy(m->version, val);
		backend_put(b, BACKEND_CLUSTER, "clusterVersion", 14, val, strlen(val));
		pthread_mutex_unlock(&m->lock);
		return true;
	}
	if (sscanf(path, "/0/members/%" SCNx64 "/attributes%n", &id, &end) == 1 && end &&
		!path[end])
		return set_attributes(m, b, id, val);
	return false;
}

/* --- asking ---------------------------------------------------------------------- */

void membership_conf_state(struct membership *m, struct raft_conf_state *cs)
{
	*cs = (struct raft_conf_state){0};
	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < m->n && i < RAFT_MAX_MEMBERS; i++)
		cs->voters.id[cs->voters.len++] = m->members[i].id;
	pthread_mutex_unlock(&m->lock);
}

size_t membership_size(struct membership *m)
{
	pthread_mutex_lock(&m->lock);
	size_t n = m->n;
	pthread_mutex_unlock(&m->lock);
	return n;
}

bool membership_has(struct membership *m, uint64_t id)
{
	pthread_mutex_lock(&m->lock);
	bool has = find(m, id) != NULL;
	pthread_mutex_unlock(&m->lock);
	return has;
}

void membership_version(struct membership *m, char version[16])
{
	pthread_mutex_lock(&m->lock);
	memcpy(version, m->version, sizeof m->version);
	pthread_mutex_unlock(&m->lock);
}

static char *arena_string(struct arena *arena, const char *s)
{
	return memcpy(arena_alloc(arena, strlen(s) + 1), s, strlen(s) + 1);
}

static char **arena_strings(struct arena *arena, char *const *list, size_t *n)
{
	*n = 0;
	while (list && list[*n])
		++*n;
	char **copy = arena_calloc(arena, *n + 1, sizeof *copy);
	for (size_t i = 0; i < *n; i++)
		copy[i] = arena_string(arena, list[i]);
	return copy;
}

void membership_list(
	struct membership *m, struct arena *arena, Etcdserverpb__MemberListResponse *resp)
{
	pthread_mutex_lock(&m->lock);
	resp->n_members = m->n;
	resp->members = arena_calloc(arena, m->n + 1, sizeof *resp->members);
	for (size_t i = 0; i < m->n; i++) {
		Etcdserverpb__Member *out = arena_alloc(arena, sizeof *out);
		etcdserverpb__member__init(out);
		out->id = m->members[i].id;
		out->name = arena_string(arena, m->members[i].name);
		out->peerurls = arena_strings(arena, m->members[i].peer_urls, &out->n_peerurls);
		out->clienturls =
			arena_strings(arena, m->members[i].client_urls, &out->n_clienturls);
		resp->members[i] = out;
	}
	pthread_mutex_unlock(&m->lock);
}
