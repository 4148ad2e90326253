/* step: r4
 * right: a switch over no and yes
 */
switch ((int)raft_maybe_commit(r)) {
case 0:
	break;
default:
	raft_bcast_append(r);
}
