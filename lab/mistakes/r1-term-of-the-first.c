/* step: r1
 * wrong: takes the term that the first entry came with
 * met: "the message's term"
 * verdict: fail
 */
es[i].term = es[0].term;
es[i].index = li + 1 + i;
