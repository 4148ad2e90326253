/* step: r2
 * right: the same function by another name
 */
void (*tell_everybody)(struct raft *) = raft_bcast_append;

tell_everybody(r);
