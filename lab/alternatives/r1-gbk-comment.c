/* step: r1
 * right: a comment in another encoding than UTF-8
 */
/* 给新日志项编号 */
es[i].term = r->term;
es[i].index = li + 1 + i;
