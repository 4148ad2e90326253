/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes as bytes: the payload of an entry of type ConfChange or
 * ConfChangeV2.
 */
#include "raft/raftpb/pb_internal.h"
#include "raft/raftpb/raft.pb-c.h"

#include <stdlib.h>

enum { CONF_CHANGE_CONTEXT = 4, CONF_CHANGE_V2_CONTEXT = 3 };

/* find_bytes finds the bytes of field number, which protobuf-c has copied, in the
 * encoding itself: the last one counts. Returns: false if there is none. */
static bool find_bytes(
	const void *data, size_t len, unsigned number, const void **bytes, size_t *bytes_len)
{
	if (len == 0)
		return false; /* data may be NULL */
	struct pb_reader r = {.p = data, .end = (const unsigned char *)data + len};
	bool found = false;
	struct pb_field f;
	while (r.p < r.end && pb_read_field(&r, &f)) {
		if (f.tag == PB_BYTES(number)) {
			*bytes = f.data;
			*bytes_len = f.v;
			found = true;
		}
	}
	return found;
}

/* Numbers that are not in raft.proto: protobuf-c lets them through. */
static bool conf_change_type_valid(Raftpb__ConfChangeType type)
{
	return type >= RAFTPB__CONF_CHANGE_TYPE__ConfChangeAddNode &&
	       type <= RAFTPB__CONF_CHANGE_TYPE__ConfChangeAddLearnerNode;
}

static bool transition_valid(Raftpb__ConfChangeTransition t)
{
	return t >= RAFTPB__CONF_CHANGE_TRANSITION__ConfChangeTransitionAuto &&
	       t <= RAFTPB__CONF_CHANGE_TRANSITION__ConfChangeTransitionJointExplicit;
}

/* ---- ConfChange ------------------------------------------------------------ */

static Raftpb__ConfChange conf_change_to_pb(const struct raft_conf_change *cc)
{
	Raftpb__ConfChange pb = RAFTPB__CONF_CHANGE__INIT;
	pb.has_id = pb.has_type = pb.has_node_id = true;
	pb.id = cc->id;
	pb.type = (Raftpb__ConfChangeType)cc->type;
	pb.node_id = cc->node_id;
	pb.has_context = cc->context != NULL;
	pb.context.data = (uint8_t *)cc->context;
	pb.context.len = cc->context_len;
	return pb;
}

size_t raftpb_conf_change_size(const struct raft_conf_change *cc)
{
	Raftpb__ConfChange pb = conf_change_to_pb(cc);
	return protobuf_c_message_get_packed_size(&pb.base);
}

size_t raftpb_conf_change_encode(const struct raft_conf_change *cc, void *out)
{
	Raftpb__ConfChange pb = conf_change_to_pb(cc);
	return protobuf_c_message_pack(&pb.base, out);
}

enum raft_error raftpb_conf_change_decode(
	const void *data, size_t len, struct raft_conf_change *cc)
{
	*cc = (struct raft_conf_change){0};
	ProtobufCMessage *msg = pb_unpack(&raftpb__conf_change__descriptor, data, len);
	if (!msg)
		return RAFT_ERR_MALFORMED;
	const Raftpb__ConfChange *pb = (const Raftpb__ConfChange *)msg;
	bool ok = conf_change_type_valid(pb->type);
	if (ok) {
		cc->id = pb->id;
		cc->type = (enum raft_conf_change_type)pb->type;
		cc->node_id = pb->node_id;
		find_bytes(data, len, CONF_CHANGE_CONTEXT, &cc->context, &cc->context_len);
	}
	pb_free(msg);
	return ok ? RAFT_OK : RAFT_ERR_MALFORMED;
}

/* ---- ConfChangeV2 ----------------------------------------------------------- */

/* A ConfChangeV2 as protobuf-c wants it: with an array of pointers to changes. */
struct conf_change_v2_pb {
	Raftpb__ConfChangeV2 pb;
	Raftpb__ConfChangeSingle **ptrs;
	Raftpb__ConfChangeSingle *singles;
};

static void conf_change_v2_to_pb(const struct raft_conf_change_v2 *cc, struct conf_change_v2_pb *p)
{
	raftpb__conf_change_v2__init(&p->pb);
	p->ptrs = raft_calloc(cc->changes_len, sizeof(*p->ptrs));
	p->singles = raft_calloc(cc->changes_len, sizeof(*p->singles));
	for (size_t i = 0; i < cc->changes_len; i++) {
		Raftpb__ConfChangeSingle *s = p->ptrs[i] = &p->singles[i];
		raftpb__conf_change_single__init(s);
		s->has_type = s->has_node_id = true;
		s->type = (Raftpb__ConfChangeType)cc->changes[i].type;
		s->node_id = cc->changes[i].node_id;
	}
	p->pb.has_transition = true;
	p->pb.transition = (Raftpb__ConfChangeTransition)cc->transition;
	p->pb.n_changes = cc->changes_len;
	p->pb.changes = p->ptrs;
	p->pb.has_context = cc->context != NULL;
	p->pb.context.data = (uint8_t *)cc->context;
	p->pb.context.len = cc->context_len;
}

static void conf_change_v2_pb_free(struct conf_change_v2_pb *p)
{
	free(p->ptrs);
	free(p->singles);
}

size_t raftpb_conf_change_v2_size(const struct raft_conf_change_v2 *cc)
{
	struct conf_change_v2_pb p;
	conf_change_v2_to_pb(cc, &p);
	size_t size = protobuf_c_message_get_packed_size(&p.pb.base);
	conf_change_v2_pb_free(&p);
	return size;
}

size_t raftpb_conf_change_v2_encode(const struct raft_conf_change_v2 *cc, void *out)
{
	struct conf_change_v2_pb p;
	conf_change_v2_to_pb(cc, &p);
	size_t size = protobuf_c_message_pack(&p.pb.base, out);
	conf_change_v2_pb_free(&p);
	return size;
}

/* changes_from_pb copies the changes. Returns: false if one has a type that there
 * is not. */
static bool changes_from_pb(const Raftpb__ConfChangeV2 *pb, struct raft_conf_change_v2 *cc)
{
	if (pb->n_changes == 0)
		return true;
	struct raft_conf_change_single *v = raft_calloc(pb->n_changes, sizeof(*v));
	cc->changes = v;
	cc->changes_len = pb->n_changes;
	for (size_t i = 0; i < pb->n_changes; i++) {
		if (!conf_change_type_valid(pb->changes[i]->type))
			return false;
		v[i].type = (enum raft_conf_change_type)pb->changes[i]->type;
		v[i].node_id = pb->changes[i]->node_id;
	}
	return true;
}

enum raft_error raftpb_conf_change_v2_decode(
	const void *data, size_t len, struct raft_conf_change_v2 *cc)
{
	*cc = (struct raft_conf_change_v2){0};
	ProtobufCMessage *msg = pb_unpack(&raftpb__conf_change_v2__descriptor, data, len);
	if (!msg)
		return RAFT_ERR_MALFORMED;
	const Raftpb__ConfChangeV2 *pb = (const Raftpb__ConfChangeV2 *)msg;
	bool ok = transition_valid(pb->transition) && changes_from_pb(pb, cc);
	if (ok) {
		cc->transition = (enum raft_conf_change_transition)pb->transition;
		find_bytes(data, len, CONF_CHANGE_V2_CONTEXT, &cc->context, &cc->context_len);
	} else {
		raftpb_conf_change_v2_free(cc);
	}
	pb_free(msg);
	return ok ? RAFT_OK : RAFT_ERR_MALFORMED;
}

void raftpb_conf_change_v2_free(struct raft_conf_change_v2 *cc)
{
	free((void *)cc->changes);
	*cc = (struct raft_conf_change_v2){0};
}

/* ---- Either of them --------------------------------------------------------- */

enum raft_error raftpb_entry_conf_change_decode(
	const struct raft_entry *e, struct raft_conf_change_v2 *cc)
{
	if (e->type == RAFT_ENTRY_CONF_CHANGE_V2)
		return raftpb_conf_change_v2_decode(e->data, e->len, cc);

	struct raft_conf_change v1;
	enum raft_error err = raftpb_conf_change_decode(e->data, e->len, &v1);
	*cc = (struct raft_conf_change_v2){0};
	if (err)
		return err;
	struct raft_conf_change_single *single = raft_malloc(sizeof(*single));
	raft_conf_change_as_v2(&v1, single, cc);
	return RAFT_OK;
}
