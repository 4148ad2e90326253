/* step: r1
 * wrong: writes behind the end of the batch
 * met: indexes of the log begin at 1, those of C at 0
 * verdict: fail
 */
es[i + 1].term = r->term;
es[i + 1].index = li + 1 + i;
