/** Tables for other programs. */
import assert from 'node:assert/strict';
import { rowsText } from '../../../src/shared/rowsText';

describe('rows as text', () => {
  it('are quoted where necessary, and separated as requested', () => {
    assert.equal(
      rowsText([
        ['a,b', 1],
        ['"', 'c'],
      ]),
      '"a,b",1\r\n"""",c',
    );
    assert.equal(rowsText([['a,b', 1]], '\t'), 'a,b\t1');
  });

  it('have no formulas, but unchanged negative numbers', () => {
    assert.equal(rowsText([['=1+1', '-1+1', '@a', '+b']]), `"'=1+1","'-1+1","'@a","'+b"`);
    assert.equal(rowsText([['-0.5', '-1e-45', '-inf', -2]]), '-0.5,-1e-45,-inf,-2');
  });
});
