/* SPDX-License-Identifier: Apache-2.0 */
/* membership: who belongs to the cluster, as the log says (etcd's
 * api/membership). The apply thread changes it; any thread may ask. It is kept
 * in the backend's bucket `members`, one JSON object per member, as etcd's. */
#ifndef SERVER_ETCDSERVER_MEMBERSHIP_H
#define SERVER_ETCDSERVER_MEMBERSHIP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "raft/raft.h"
#include "server/arena.h"
#include "server/config.h"
#include "server/etcdserverpb/rpc.pb-c.h"
#include "server/mvcc/backend.h"

struct member {
	uint64_t id;
	char *name;                      /* "" until the member has published it */
	char **peer_urls, **client_urls; /* lists that end in NULL; may be NULL */
};

struct membership {
	pthread_mutex_t lock;
	uint64_t cluster_id;
	struct member *members; /* sorted by id */
	size_t n;
	char version[16]; /* of the cluster, "3.4.0"; "" until decided */
};

void membership_init(struct membership *m);
void membership_free(struct membership *m);

/* membership_member_id is the id of a first member: SHA-1 of its peer URLs,
 * sorted, and the token. membership_first_cluster_id is that of the cluster. */
uint64_t membership_member_id(const struct config_urls *peer_urls, const char *token);
uint64_t membership_first_cluster_id(const uint64_t *ids, size_t n);

/* membership_member_json makes the context of a ConfChange that adds a member.
 * The caller frees the text. */
char *membership_member_json(uint64_t id, const struct config_urls *peer_urls, const char *name);

/* membership_load reads what membership_... wrote to b at the last run. */
void membership_load(struct membership *m, struct backend *b);

/* membership_add_member applies a ConfChange: json is its context. A member
 * that is there already is left as it is.
 * Returns: false if json makes no sense; nothing is changed then. */
bool membership_add_member(
	struct membership *m, struct backend *b, uint64_t id, const char *json, size_t len);

/* membership_apply_v2 applies what a member published of itself, or the version
 * of the cluster: the path and value of an etcdserverpb.Request.
 * Returns: false if they make no sense; nothing is changed then. */
bool membership_apply_v2(
	struct membership *m, struct backend *b, const char *path, const char *val);

/* membership_conf_state gives the configuration that raft begins with when the
 * log no longer tells it: all members vote. */
void membership_conf_state(struct membership *m, struct raft_conf_state *cs);

/* membership_size is the number of members; membership_has tells if id is one. */
size_t membership_size(struct membership *m);
bool membership_has(struct membership *m, uint64_t id);

/* membership_version copies the cluster's version; "" if undecided. */
void membership_version(struct membership *m, char version[16]);

/* membership_list fills in resp->members; everything is copied into arena. */
void membership_list(
	struct membership *m, struct arena *arena, Etcdserverpb__MemberListResponse *resp);

#endif
