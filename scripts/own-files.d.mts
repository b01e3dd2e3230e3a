export function ownFiles(folder: string, ending: string, root?: string): string[];
