/* SPDX-License-Identifier: Apache-2.0 */
/* What nets and events know of a node. */
#ifndef LAB_NODE_INTERNAL_H
#define LAB_NODE_INTERNAL_H

#include "raft/raft_internal.h"

/* lab_node_joins_net: the node's election timeouts follow the net's seed from now on. */
void lab_node_joins_net(struct raft *r, uint64_t seed);

/* lab_settle_timeout replaces the node's random election timeout, if it has drawn a
 * new one: by 10 ticks, or in a net by one that depends on id, term and seed. */
void lab_settle_timeout(struct raft *r);

/* lab_logger_free frees the logger that lab_config() made. */
void lab_logger_free(struct raft_logger *logger);

#endif
