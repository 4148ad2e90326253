/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/service.h"

#include "server/etcdserverpb/rpc.pb-c.h"
#include "server/util.h"
#include "server/v3rpc/depth.h"
#include "server/v3rpc/kv_check.h"

/* The fields of an InternalRaftRequest. */
enum { FIELD_PUT = 4, FIELD_DELETE_RANGE = 5, FIELD_TXN = 6, FIELD_COMPACTION = 7 };

/* --- KV ------------------------------------------------------------------------------ */

static void kv_range(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__RangeRequest *r = etcdserverpb__range_request__unpack(
		&arena->protobuf, call->request_len, call->request);
	enum rpc_error err = r ? kv_check_range(r) : RPC_MALFORMED;

	if (err != RPC_OK)
		rpc_call_fail(call, err);
	else
		etcdserver_read(s, call, RPC_READ_RANGE, !r->serializable);
}

static void kv_put(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__PutRequest *r = etcdserverpb__put_request__unpack(
		&arena->protobuf, call->request_len, call->request);
	enum rpc_error err = r ? kv_check_put(r) : RPC_MALFORMED;

	if (err != RPC_OK)
		rpc_call_fail(call, err);
	else
		etcdserver_propose(s, call, FIELD_PUT);
}

static void kv_delete_range(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__DeleteRangeRequest *r = etcdserverpb__delete_range_request__unpack(
		&arena->protobuf, call->request_len, call->request);
	enum rpc_error err = r ? kv_check_delete_range(r) : RPC_MALFORMED;

	if (err != RPC_OK)
		rpc_call_fail(call, err);
	else
		etcdserver_propose(s, call, FIELD_DELETE_RANGE);
}

static void kv_txn(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__TxnRequest *r = etcdserverpb__txn_request__unpack(
		&arena->protobuf, call->request_len, call->request);
	enum rpc_error err = r ? kv_check_txn(r, etcdserver_config(s)->max_txn_ops) : RPC_MALFORMED;

	if (err != RPC_OK)
		rpc_call_fail(call, err);
	else if (kv_txn_is_readonly(r))
		etcdserver_read(s, call, RPC_READ_TXN, !kv_txn_is_serializable(r));
	else
		etcdserver_propose(s, call, FIELD_TXN);
}

static void kv_compact(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	if (!etcdserverpb__compaction_request__unpack(
		    &arena->protobuf, call->request_len, call->request))
		rpc_call_fail(call, RPC_MALFORMED);
	else
		etcdserver_propose(s, call, FIELD_COMPACTION);
}

/* --- answered at once -------------------------------------------------------------------- */

static void reply(struct rpc_call *call, const ProtobufCMessage *resp)
{
	call->response_len = protobuf_c_message_get_packed_size(resp);
	call->response = xmalloc(call->response_len);
	protobuf_c_message_pack(resp, call->response);
	call->error = RPC_OK;
	call->done(call);
}

static void maintenance_status(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__StatusResponse resp = ETCDSERVERPB__STATUS_RESPONSE__INIT;
	Etcdserverpb__ResponseHeader header = ETCDSERVERPB__RESPONSE_HEADER__INIT;
	struct etcdserver_status st;
	static char no_leader[] = "etcdserver: no leader", version[] = ETCDSERVER_VERSION;
	char *errors[] = {no_leader};

	(void)arena;
	etcdserver_status(s, &st);
	header.cluster_id = st.cluster_id;
	header.member_id = st.member_id;
	header.revision = st.revision;
	header.raft_term = st.term;
	resp.header = &header;
	resp.version = version;
	resp.dbsize = (int64_t)st.db_size;
	resp.dbsizeinuse = (int64_t)st.db_size_in_use;
	resp.leader = st.leader;
	resp.raftindex = st.committed;
	resp.raftterm = st.term;
	resp.raftappliedindex = st.applied;
	resp.errors = errors;
	resp.n_errors = st.leader ? 0 : 1;
	reply(call, &resp.base);
}

static void cluster_member_list(struct etcdserver *s, struct rpc_call *call, struct arena *arena)
{
	Etcdserverpb__MemberListResponse resp = ETCDSERVERPB__MEMBER_LIST_RESPONSE__INIT;
	Etcdserverpb__ResponseHeader header = ETCDSERVERPB__RESPONSE_HEADER__INIT;
	struct etcdserver_status st;

	/* etcd gives no revision here */
	etcdserver_status(s, &st);
	header.cluster_id = st.cluster_id;
	header.member_id = st.member_id;
	header.raft_term = st.term;
	resp.header = &header;
	etcdserver_members(s, arena, &resp);
	reply(call, &resp.base);
}

/* --- the table ------------------------------------------------------------------------ */

#define METHOD(service, name, path, request, response, handle)                                     \
	{                                                                                          \
		"etcdserverpb." service, name, path, &etcdserverpb__##request##__descriptor,       \
			&etcdserverpb__##response##__descriptor, handle                            \
	}

const struct rpc_method rpc_methods[] = {
	METHOD("KV", "Range", "/v3/kv/range", range_request, range_response, kv_range),
	METHOD("KV", "Put", "/v3/kv/put", put_request, put_response, kv_put),
	METHOD("KV", "DeleteRange", "/v3/kv/deleterange", delete_range_request,
		delete_range_response, kv_delete_range),
	METHOD("KV", "Txn", "/v3/kv/txn", txn_request, txn_response, kv_txn),
	METHOD("KV", "Compact", "/v3/kv/compaction", compaction_request, compaction_response,
		kv_compact),
	METHOD("Maintenance", "Status", "/v3/maintenance/status", status_request, status_response,
		maintenance_status),
	METHOD("Cluster", "MemberList", "/v3/cluster/member/list", member_list_request,
		member_list_response, cluster_member_list),
};
const size_t rpc_methods_len = sizeof rpc_methods / sizeof *rpc_methods;

void rpc_call_start(struct etcdserver *s, const struct rpc_method *m, struct rpc_call *call,
	struct arena *arena)
{
	/* Each level of a txn takes at least one of the operations that it may
	 * have, so what nests too deeply has too many of them. */
	if (!depth_check(m->request, call->request, call->request_len, RPC_DEPTH_MAX))
		rpc_call_fail(call, m->handle == kv_txn ? RPC_TOO_MANY_OPS : RPC_NESTED_TOO_DEEPLY);
	else if (call->require_leader && !etcdserver_leader(s))
		rpc_call_fail(call, RPC_NO_LEADER);
	else
		m->handle(s, call, arena);
	arena_reset(arena);
}
