/* step: e6
 * right: a break where the case ends anyway
 */
raft_become_leader(r);
raft_bcast_append(r);
break;
