/** A piece of a text that becomes another; all of one change are about the text before (LSP 3.17). */
export interface Piece {
  start: number;
  end: number;
  text: string;
}

/** The text as it would be. */
export function applied(text: string, pieces: readonly Piece[]): string {
  let rest = text;
  for (const { start, end, text: own } of [...pieces].sort((one, other) => other.start - one.start)) {
    rest = rest.slice(0, start) + own + rest.slice(end);
  }
  return rest;
}

/** Where what was selected is afterwards, with all that a piece put at its ends; a cursor stays one. */
export function moved(
  { start, end }: { start: number; end: number },
  pieces: readonly Piece[],
): { start: number; end: number } {
  let [first, last] = [start, end];
  for (const piece of pieces) {
    const grown = piece.text.length - (piece.end - piece.start);
    if (piece.start < start) {
      first += piece.end <= start ? grown : piece.start - start;
    }
    if (piece.start <= end) {
      last += piece.end <= end ? grown : piece.end - end + grown;
    }
  }
  return { start: first, end: start === end ? first : last };
}
