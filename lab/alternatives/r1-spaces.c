/* step: r1
 * right: indented by spaces, with empty lines
 */

        es[i].term = r->term;


        es[i].index = li + 1 + i;

