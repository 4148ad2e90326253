/* step: e1
 * wrong: returns, so that the condition below is never looked at
 * met: "this branch is done", by habit
 * verdict: fail
 */
r->election_elapsed++;
return;
