import { join, relative } from 'node:path';
import ts from 'typescript';

const SOURCE = join(__dirname, '..', '..', '..', 'libs', 'spark-connect', 'src');
const ENTRIES = ['index.ts', 'functions/functions.ts'].map((file) => join(SOURCE, file));

const program = ts.createProgram(ENTRIES, {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: [],
});
const checker = program.getTypeChecker();

type Owner = ts.ClassDeclaration | ts.InterfaceDeclaration;

const isOwner = (declaration: ts.Declaration): declaration is Owner =>
  ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration);

const isCallable = (declaration: ts.Declaration): boolean =>
  ts.isMethodDeclaration(declaration) ||
  ts.isMethodSignature(declaration) ||
  ts.isAccessor(declaration) ||
  ts.isFunctionDeclaration(declaration);

/** What an entry of the package exports, by itself rather than by the name it is exported under. */
const exported = ENTRIES.flatMap((entry) => {
  const file = program.getSourceFile(entry);
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
  return symbols.map((symbol) =>
    (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol),
  );
});

/** The public methods and accessors of an exported class or interface, inherited ones of this library included. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  if (!(symbol.declarations ?? []).some(isOwner)) return [];
  const own = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  return [...own, ...(symbol.exports?.values() ?? [])].filter(isPublic);
}

function isPublic({ declarations = [] }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return declarations.some((declaration) => {
    const name = ts.getNameOfDeclaration(declaration);
    if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
    return isCallable(declaration) && (ts.getCombinedModifierFlags(declaration) & hidden) === 0;
  });
}

/** Where it is declared without TSDoc; an overloaded method has it on one of its signatures. */
function undocumented(symbol: ts.Symbol): string[] {
  const declarations = (symbol.declarations ?? []).filter((one) =>
    one.getSourceFile().fileName.startsWith(SOURCE),
  );
  const [first] = declarations;
  const isDescribed = declarations.some((one) => ts.getJSDocCommentsAndTags(one).some(ts.isJSDoc));
  return first === undefined || isDescribed
    ? []
    : [`${relative(SOURCE, first.getSourceFile().fileName)}: ${symbol.name}`];
}

const documentable = [
  ...exported.filter(({ declarations = [] }) => declarations.some((one) => isOwner(one) || isCallable(one))),
  ...exported.flatMap(membersOf),
];

describe("the API of 'spark-connect-js'", () => {
  it('is read from its entries', () => {
    expect(exported.length).toBeGreaterThan(500);
    expect(documentable.length).toBeGreaterThan(900);
  });

  it('says of every function, class, interface, method and accessor what it gives', () => {
    expect([...new Set(documentable.flatMap(undocumented))].sort()).toEqual([]);
  });
});
