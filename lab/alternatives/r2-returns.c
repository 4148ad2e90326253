/* step: r2
 * right: says that all is well, as the next line does
 */
raft_bcast_append(r);
return RAFT_OK;
