import type { NumberRule } from '@serial-oe/foundation';
import * as v from 'valibot';

/** What a field takes, in words that follow "must be"; where it depends on other fields, `CONFIG` holds the check. */
export function titled<const Schema extends v.GenericSchema>(words: string, schema: Schema) {
  return v.pipe(schema, v.title(words));
}

export const number = ({ isValid, rule }: NumberRule, words = rule.replace(/^be /, '')) =>
  titled(words, v.pipe(v.number(), v.check(isValid)));
export const flag = titled('true or false', v.boolean());
export const oneOf = <const Names extends readonly string[]>(...names: Names) =>
  titled(`one of ${names.map((name) => `'${name}'`).join(', ')}`, v.picklist(names));
/** A word, or a number by the rule. */
export const wordOr = <const Word extends string>(word: Word, rule: NumberRule) =>
  titled(`${rule.rule.replace(/^be /, '')}, or '${word}'`, v.union([v.literal(word), number(rule)]));

/** Words of a rule that a title does not hold; they follow the field's name. */
export const OWN_WORDS = 'must ';

/**
 * The help text and the paper's value beside the schema; the type that it is left with reads well in declarations.
 * @param most sane limit of a number, far above what anyone trains: a slip of some zeros is told before hours are spent
 */
export function field<const Schema extends v.GenericSchema>(
  schema: Schema,
  paper: NoInfer<v.InferOutput<Schema>>,
  { help, most }: { help: string; most?: number },
): v.GenericSchema<v.InferOutput<Schema>> {
  const isWithin = (value: unknown) => typeof value !== 'number' || most === undefined || value <= most;
  return v.pipe(
    schema,
    v.check(isWithin, `${OWN_WORDS}be at most ${most}`),
    v.description(help),
    v.metadata({ paper }),
  );
}
