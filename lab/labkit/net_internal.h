/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the net share. */
#ifndef LAB_NET_INTERNAL_H
#define LAB_NET_INTERNAL_H

#include "lab/labkit/net.h"

/* lab_net_work saves, sends and applies what node id has ready, once. Returns:
 * whether there was anything. */
bool lab_net_work(struct lab_net *net, raft_id id);

/* lab_net_deliver gives a message to its receiver, unless that is cut off; takes over
 * what it holds. */
void lab_net_deliver(struct lab_net *net, struct raft_message *m);

/* lab_net_apply: node id applies the entry. Fails the test if another node has applied
 * another one at its index. */
void lab_net_apply(struct lab_net *net, raft_id id, const struct raft_entry *e);

/* lab_net_check_leaders fails the test if a term has two leaders, or a new leader lacks
 * a committed entry. */
void lab_net_check_leaders(struct lab_net *net);

#endif
