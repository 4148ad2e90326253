/* step: e2
 * right: comments in Chinese, of more than one byte a letter
 */
/* 选举超时：时钟归零，{ 然后 */
r->election_elapsed = 0;
// 自己给自己一条 MsgHup。
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
