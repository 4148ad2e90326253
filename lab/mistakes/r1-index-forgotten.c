/* step: r1
 * wrong: leaves the index as it came
 * met: half of two numbers
 * verdict: fail
 */
es[i].term = r->term;
