/** For tests: the weights and the tokenizer that the page ships. */
import { readFileSync } from 'node:fs';
import { Tokenizer, type TokenizerData } from '../tokenizer';
import { parseWeights } from '../weights';

const read = (name: string) => readFileSync(new URL(`../../../public/model/${name}`, import.meta.url));

const file = read('weights.bin');
export const shippedFile: ArrayBuffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
export const shipped = parseWeights(shippedFile);
export const shippedTokenizer = new Tokenizer(JSON.parse(read('tokenizer.json').toString()) as TokenizerData);
