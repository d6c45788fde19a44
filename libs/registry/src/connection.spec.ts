import { connectionConfig, describeServer } from './connection';

const optionsOf = (databaseUrl: string, settings = {}) => {
  const { connectionString = '' } = connectionConfig(databaseUrl, { applicationName: 'spec', settings });
  return new URL(connectionString).searchParams.get('options');
};

describe('the connection', () => {
  it('speaks UTC', () => {
    expect(optionsOf('postgresql://u:p@localhost:5432/millrace')).toBe('-c TimeZone=UTC');
  });

  it('keeps the options of the URL and adds settings', () => {
    const url = 'postgresql://localhost/millrace?options=-c%20search_path%3Dmine';
    expect(optionsOf(url, { idle_session_timeout: 0 })).toBe(
      '-c search_path=mine -c TimeZone=UTC -c idle_session_timeout=0',
    );
  });

  it('is described without user and password', () => {
    expect(describeServer('postgresql://u:secret@db.internal:5432/millrace')).toBe(
      'db.internal:5432/millrace',
    );
    expect(describeServer('nonsense')).toBe('(not a URL)');
  });
});
