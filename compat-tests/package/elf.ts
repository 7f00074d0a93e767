/** The little of an ELF file that tells what a library asks of its process, and whether it was stripped. */
import { readFileSync } from 'node:fs';

const DYNAMIC_SYMBOLS = 11;
/** Bytes of an entry in the symbol table of a 64-bit file. */
const SYMBOL_SIZE = 24;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

export interface ElfFile {
  /** Names the library expects others to define. */
  readonly imports: readonly string[];
  /** Names it defines for others. */
  readonly exports: readonly string[];
  readonly sections: readonly string[];
}

const textAt = (file: Buffer, start: number): string => file.toString('latin1', start, file.indexOf(0, start));

/** Sections by the table at the file's end; 64 bits, little-endian: x64 and arm64. */
function readSections(file: Buffer): Section[] {
  const table = Number(file.readBigUInt64LE(0x28));
  const [entrySize, count, nameSection] = [file.readUInt16LE(0x3a), file.readUInt16LE(0x3c), file.readUInt16LE(0x3e)];
  const raw = Array.from({ length: count }, (_, at) => {
    const start = table + at * entrySize;
    return {
      nameOffset: file.readUInt32LE(start),
      type: file.readUInt32LE(start + 4),
      offset: Number(file.readBigUInt64LE(start + 0x18)),
      size: Number(file.readBigUInt64LE(start + 0x20)),
      link: file.readUInt32LE(start + 0x28),
    };
  });
  const names = raw[nameSection]?.offset ?? 0;
  return raw.map(({ nameOffset, ...section }) => ({ ...section, name: textAt(file, names + nameOffset) }));
}

export function readElf(path: string): ElfFile {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== '\x7fELF' || file[4] !== 2 || file[5] !== 1)
    throw new Error(`${path} is no 64-bit ELF file`);
  const sections = readSections(file);
  const [imports, exports] = [[] as string[], [] as string[]];
  for (const symbols of sections.filter(({ type }) => type === DYNAMIC_SYMBOLS)) {
    const names = sections[symbols.link]?.offset ?? 0;
    for (let at = symbols.offset; at < symbols.offset + symbols.size; at += SYMBOL_SIZE) {
      const name = textAt(file, names + file.readUInt32LE(at));
      const isDefined = file.readUInt16LE(at + 6) !== 0;
      if (name !== '') (isDefined ? exports : imports).push(name);
    }
  }
  return { imports, exports, sections: sections.map(({ name }) => name) };
}
