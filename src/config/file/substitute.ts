const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** The text with every `${NAME}` replaced, and the names that have no value. */
export interface Substituted {
  readonly text: string;
  readonly missing: readonly string[];
}

/** Replaces `${NAME}` by the environment variable NAME. An empty variable counts as missing. */
export function substituteEnv(template: string, env: NodeJS.ProcessEnv): Substituted {
  const missing: string[] = [];
  const text = template.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = env[name];
    if (value) return value;
    missing.push(name);
    return placeholder;
  });
  return { text, missing };
}
