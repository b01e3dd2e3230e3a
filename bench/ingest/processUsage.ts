import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Of the process itself. */
  readonly cpuSeconds: number;
  /** Of its children that have ended. */
  readonly endedChildrenCpuSeconds: number;
}

/**
 * The pids of the oldest processes of that program below ours.
 * @throws Error if there is none, or more than one.
 */
export function pidBelowUs(program: string): number {
  const all = processes();
  const below = new Set([process.pid]);
  for (let grown = 0; grown !== below.size; ) {
    grown = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  const named = all.filter(({ pid, name }) => below.has(pid) && name === program);
  const top = named.filter(({ parent }) => !named.some(({ pid }) => pid === parent));
  const [only, ...more] = top;
  if (only === undefined || more.length > 0) {
    throw new Error(`${top.length} processes called ${program} below ${process.pid}`);
  }
  return only.pid;
}

/** User and system time of a process and all that it started, so far. */
export function cpuSecondsOf(pid: number): number {
  let seconds = 0;
  for (const stat of processes()) {
    if (stat.pid === pid) seconds += stat.cpuSeconds + stat.endedChildrenCpuSeconds;
    else if (stat.parent === pid) seconds += stat.cpuSeconds;
  }
  return seconds;
}

/** Most resident memory of a process so far. See proc_pid_status(5). */
export function peakMegabytesOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function processes(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

/** See proc_pid_stat(5): the name is in parentheses and may hold anything. */
function parseStat(text: string): ProcessStat {
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const seconds = (field: number) => Number(fields[field]) / TICKS_PER_SECOND;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf('(') + 1, close),
    parent: Number(fields[1]),
    cpuSeconds: seconds(11) + seconds(12),
    endedChildrenCpuSeconds: seconds(13) + seconds(14),
  };
}
