import { Progress, listenToSignals } from '@millrace/generator';
import { runRetail } from './retail-command';

const terminal = {
  ...listenToSignals(),
  out: (text: string): void => {
    console.log(text);
  },
  progress: new Progress({ out: process.stderr, name: 'retail' }),
};

void runRetail(process.argv.slice(2), process.env, terminal).then((code) => process.exit(code));
