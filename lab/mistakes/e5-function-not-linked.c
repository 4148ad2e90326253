/* step: e5
 * wrong: declares a function and calls it, and it is nowhere defined
 * met: silences the warning about an implicit declaration
 * verdict: compile-error
 */
extern void raft_grant_vote(struct raft *r, const struct raft_message *m);

raft_grant_vote(r, m);
