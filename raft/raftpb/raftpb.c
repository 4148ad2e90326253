/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has no payload, and is written now and then: hard states and
 * configurations. protobuf-c and the generated descriptors do it.
 */
#include "raft/raftpb/pb_internal.h"
#include "raft/raftpb/raft.pb-c.h"

#include <stdlib.h>

/* ---- protobuf-c with our memory ------------------------------------------ */

/* raft_malloc() never fails, so that a NULL from protobuf-c means malformed
 * bytes and nothing else. */
static void *pb_alloc(void *arg, size_t size)
{
	(void)arg;
	return raft_malloc(size);
}

static void pb_dealloc(void *arg, void *p)
{
	(void)arg;
	free(p);
}

static ProtobufCAllocator pb_allocator = {.alloc = pb_alloc, .free = pb_dealloc};

ProtobufCMessage *pb_unpack(const ProtobufCMessageDescriptor *type, const void *data, size_t len)
{
	/* No bytes may come as no pointer, which is not to be handed on. */
	return protobuf_c_message_unpack(type, &pb_allocator, len, len ? data : "");
}

void pb_free(ProtobufCMessage *msg)
{
	protobuf_c_message_free_unpacked(msg, &pb_allocator);
}

/* ---- HardState ------------------------------------------------------------ */

static Raftpb__HardState hard_state_to_pb(const struct raft_hard_state *hs)
{
	Raftpb__HardState pb = RAFTPB__HARD_STATE__INIT;
	pb.has_term = pb.has_vote = pb.has_commit = true;
	pb.term = hs->term;
	pb.vote = hs->vote;
	pb.commit = hs->commit;
	return pb;
}

size_t raftpb_hard_state_size(const struct raft_hard_state *hs)
{
	Raftpb__HardState pb = hard_state_to_pb(hs);
	return protobuf_c_message_get_packed_size(&pb.base);
}

size_t raftpb_hard_state_encode(const struct raft_hard_state *hs, void *out)
{
	Raftpb__HardState pb = hard_state_to_pb(hs);
	return protobuf_c_message_pack(&pb.base, out);
}

enum raft_error raftpb_hard_state_decode(const void *data, size_t len, struct raft_hard_state *hs)
{
	ProtobufCMessage *msg = pb_unpack(&raftpb__hard_state__descriptor, data, len);
	*hs = (struct raft_hard_state){0};
	if (!msg)
		return RAFT_ERR_MALFORMED;
	const Raftpb__HardState *pb = (const Raftpb__HardState *)msg;
	*hs = (struct raft_hard_state){.term = pb->term, .vote = pb->vote, .commit = pb->commit};
	pb_free(msg);
	return RAFT_OK;
}

/* ---- ConfState ------------------------------------------------------------- */

/* conf_state_to_pb borrows the lists of cs, which protobuf-c does not change. */
static Raftpb__ConfState conf_state_to_pb(const struct raft_conf_state *cs)
{
	Raftpb__ConfState pb = RAFTPB__CONF_STATE__INIT;
	_Static_assert(sizeof(raft_id) == sizeof(uint64_t), "ids are uint64 in raft.proto");
	pb.n_voters = cs->voters.len;
	pb.voters = (uint64_t *)cs->voters.id;
	pb.n_learners = cs->learners.len;
	pb.learners = (uint64_t *)cs->learners.id;
	pb.n_voters_outgoing = cs->voters_outgoing.len;
	pb.voters_outgoing = (uint64_t *)cs->voters_outgoing.id;
	pb.n_learners_next = cs->learners_next.len;
	pb.learners_next = (uint64_t *)cs->learners_next.id;
	pb.has_auto_leave = true;
	pb.auto_leave = cs->auto_leave;
	return pb;
}

size_t raftpb_conf_state_size(const struct raft_conf_state *cs)
{
	Raftpb__ConfState pb = conf_state_to_pb(cs);
	return protobuf_c_message_get_packed_size(&pb.base);
}

size_t raftpb_conf_state_encode(const struct raft_conf_state *cs, void *out)
{
	Raftpb__ConfState pb = conf_state_to_pb(cs);
	return protobuf_c_message_pack(&pb.base, out);
}

static bool ids_append(struct raft_ids *ids, const uint64_t *v, size_t n)
{
	if (n > RAFT_MAX_MEMBERS - ids->len)
		return false;
	for (size_t i = 0; i < n; i++)
		ids->id[ids->len++] = v[i];
	return true;
}

enum raft_error pb_conf_state_merge(const void *data, size_t len, struct raft_conf_state *cs)
{
	ProtobufCMessage *msg = pb_unpack(&raftpb__conf_state__descriptor, data, len);
	if (!msg)
		return RAFT_ERR_MALFORMED;
	const Raftpb__ConfState *pb = (const Raftpb__ConfState *)msg;
	bool ok = ids_append(&cs->voters, pb->voters, pb->n_voters) &&
		  ids_append(&cs->learners, pb->learners, pb->n_learners) &&
		  ids_append(&cs->voters_outgoing, pb->voters_outgoing, pb->n_voters_outgoing) &&
		  ids_append(&cs->learners_next, pb->learners_next, pb->n_learners_next);
	if (pb->has_auto_leave)
		cs->auto_leave = pb->auto_leave;
	pb_free(msg);
	return ok ? RAFT_OK : RAFT_ERR_TOO_MANY_MEMBERS;
}

enum raft_error raftpb_conf_state_decode(const void *data, size_t len, struct raft_conf_state *cs)
{
	*cs = (struct raft_conf_state){0};
	enum raft_error err = pb_conf_state_merge(data, len, cs);
	if (err)
		*cs = (struct raft_conf_state){0};
	return err;
}
