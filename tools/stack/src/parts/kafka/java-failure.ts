/** In one line why a Java program ended, of what it wrote to stderr: its innermost cause, else its own first words. */
export function javaFailure(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const isSaid = (line: string) => line !== '' && !line.startsWith('Picked up ');
  const cause = lines.findLast((line) => line.startsWith('Caused by: '))?.slice('Caused by: '.length);
  return cause ?? lines.find(isSaid) ?? '';
}
