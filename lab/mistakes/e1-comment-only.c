/* step: e1
 * wrong: says what is to be done, and does not do it
 * met: the plan written first
 * verdict: not-filled
 */
/* here election_elapsed must go up by one */
