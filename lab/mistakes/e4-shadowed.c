/* step: e4
 * wrong: declares variables of its own that hide those which the code below uses
 * met: declarations written by habit
 * verdict: fail
 */
enum raft_message_type vote_msg = MSG_VOTE;
raft_term term;

raft_become_candidate(r);
term = r->term;
