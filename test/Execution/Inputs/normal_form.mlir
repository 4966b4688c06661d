// Programs in normal form, one for each way in which --convert-moa-to-onf orders
// its loops. test_cpu_loops.py runs them on the CPU and by the reference
// interpreter.

// A fold that depends on all axes: one loop in a parallel nest.
func.func @matmul(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %w = tensor.dim %b, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %j) in (%n, %w) {
    %s = moa.fold %k = %c0 to %m (%acc: add f64) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
      %y = moa.psi %b[%k, %j] : tensor<?x?xf64>
      %xy = arith.mulf %x, %y : f64
      moa.yield %xy : f64
    }
    moa.yield %s : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// Row statistics, then the row: the second axis is a column axis without scratch.
func.func @layer_norm(%a: tensor<?x?xf64>) -> (tensor<?x?xf64>, tensor<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0:2 = moa.array (%i, %k) in (%n, %m) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>] {
    %small = arith.constant 1.0e-5 : f64
    %s = moa.fold %j = %c0 to %m (%acc: add f64) {
      %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
      moa.yield %x : f64
    }
    %mi = arith.index_cast %m : index to i64
    %mf = arith.sitofp %mi : i64 to f64
    %mean = arith.divf %s, %mf : f64
    %q = moa.fold %j = %c0 to %m (%acc: add f64) {
      %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
      %d = arith.subf %x, %mean : f64
      %dd = arith.mulf %d, %d : f64
      moa.yield %dd : f64
    }
    %v = arith.divf %q, %mf : f64
    %ve = arith.addf %v, %small : f64
    %r = math.rsqrt %ve : f64
    %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
    %d = arith.subf %x, %mean : f64
    %y = arith.mulf %d, %r : f64
    moa.yield %y, %v : f64, f64
  } : tensor<?x?xf64>, tensor<?xf64>
  return %0#0, %0#1 : tensor<?x?xf64>, tensor<?xf64>
}

// Folds over rows and over columns: no order of the axes computes both once.
func.func @double_centering(%a: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %k) in (%n, %m) {
    %row = moa.fold %j = %c0 to %m (%acc: add f64) {
      %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
      moa.yield %x : f64
    }
    %column = moa.fold %j = %c0 to %n (%acc: add f64) {
      %x = moa.psi %a[%j, %k] : tensor<?x?xf64>
      moa.yield %x : f64
    }
    %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
    %d = arith.subf %x, %row : f64
    %e = arith.subf %d, %column : f64
    moa.yield %e : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// Everything depends on one sum over the whole array.
func.func @share_of_total(%a: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %k) in (%n, %m) {
    %total = moa.fold %j = %c0 to %n (%outer: add f64) {
      %row = moa.fold %l = %c0 to %m (%acc: add f64) {
        %x = moa.psi %a[%j, %l] : tensor<?x?xf64>
        %xx = arith.mulf %x, %x : f64
        moa.yield %xx : f64
      }
      moa.yield %row : f64
    }
    %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
    %y = arith.divf %x, %total : f64
    moa.yield %y : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// A tower in one pass; the value axes (two of them) are column axes.
func.func @attention(%q: tensor<?x?xf64>, %k: tensor<?x?xf64>, %v: tensor<?x?x?xf64>)
    -> (tensor<?x?x?xf64>, tensor<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %q, %c0 : tensor<?x?xf64>
  %m = tensor.dim %k, %c0 : tensor<?x?xf64>
  %d = tensor.dim %k, %c1 : tensor<?x?xf64>
  %w = tensor.dim %v, %c1 : tensor<?x?x?xf64>
  %u = tensor.dim %v, %c2 : tensor<?x?x?xf64>
  %0:2 = moa.array (%i, %c, %e) in (%n, %w, %u) maps [affine_map<(i, c, e) -> (i, c, e)>, affine_map<(i, c, e) -> (i)>] {
    %ninf = arith.constant 0xFFF0000000000000 : f64
    %zero = arith.constant 0.0 : f64
    %end = affine.apply affine_map<(i)[m, n] -> (i + m - n + 1)>(%i)[%m, %n]
    %r:3 = moa.fold %j = %c0 to %end (%rm: max f64, %rl: add f64, %ro: add f64) {
      %s = moa.fold %f = %c0 to %d (%acc: add f64) {
        %x = moa.psi %q[%i, %f] : tensor<?x?xf64>
        %y = moa.psi %k[%j, %f] : tensor<?x?xf64>
        %xy = arith.mulf %x, %y : f64
        moa.yield %xy : f64
      }
      %dead = arith.cmpf oeq, %rm, %ninf : f64
      %ref = arith.select %dead, %zero, %rm : f64
      %t = arith.subf %s, %ref : f64
      %p = math.exp %t : f64
      %x = moa.psi %v[%j, %c, %e] : tensor<?x?x?xf64>
      %px = arith.mulf %p, %x : f64
      moa.yield %s, %p, %px : f64, f64, f64
    } correct (%m0, %l0, %o0) to (%m1, %l1, %o1) {
      %dead = arith.cmpf oeq, %m1, %ninf : f64
      %ref = arith.select %dead, %zero, %m1 : f64
      %t = arith.subf %m0, %ref : f64
      %f = math.exp %t : f64
      %lc = arith.mulf %l0, %f : f64
      %oc = arith.mulf %o0, %f : f64
      moa.yield %m0, %lc, %oc : f64, f64, f64
    }
    %none = arith.cmpf oeq, %r#1, %zero : f64
    %y = arith.divf %r#2, %r#1 : f64
    %out = arith.select %none, %zero, %y : f64
    moa.yield %out, %r#1 : f64, f64
  } : tensor<?x?x?xf64>, tensor<?xf64>
  return %0#0, %0#1 : tensor<?x?x?xf64>, tensor<?xf64>
}

// The same tower without `correct`: three passes, of which each one uses what
// those before it have finished, the last one rows.
func.func @passes(%q: tensor<?x?xf64>, %k: tensor<?x?xf64>, %v: tensor<?x?xf64>)
    -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %q, %c0 : tensor<?x?xf64>
  %m = tensor.dim %k, %c0 : tensor<?x?xf64>
  %d = tensor.dim %k, %c1 : tensor<?x?xf64>
  %w = tensor.dim %v, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %c) in (%n, %w) {
    %r:4 = moa.fold %j = %c0 to %m (%rm: max f64, %rl: add f64, %ro: add f64, %rq: max f64) {
      %s = moa.fold %f = %c0 to %d (%acc: add f64) {
        %x = moa.psi %q[%i, %f] : tensor<?x?xf64>
        %y = moa.psi %k[%j, %f] : tensor<?x?xf64>
        %xy = arith.mulf %x, %y : f64
        moa.yield %xy : f64
      }
      %t = arith.subf %s, %rm : f64
      %p = math.exp %t : f64
      %x = moa.psi %v[%j, %c] : tensor<?x?xf64>
      %px = arith.mulf %p, %x : f64
      %pn = arith.divf %px, %rl : f64
      %away = arith.subf %px, %ro : f64
      moa.yield %s, %p, %pn, %away : f64, f64, f64, f64
    }
    %y = arith.addf %r#2, %r#3 : f64
    moa.yield %y : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// Keys are normalized on the way: work that depends on the key only, shared by
// rows and columns. Three groups of axes, states over two of them.
func.func @normalized_keys(%q: tensor<?x5xf64>, %k: tensor<?x5xf64>, %v: tensor<?x3xf64>)
    -> tensor<?x3xf64> {
  %c0 = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  %n = tensor.dim %q, %c0 : tensor<?x5xf64>
  %m = tensor.dim %k, %c0 : tensor<?x5xf64>
  %0 = moa.array (%i, %c) in (%n, 3) {
    %r:3 = moa.fold %j = %c0 to %m (%rm: max f64, %rl: add f64, %ro: add f64) {
      %kk = moa.fold %f = %c0 to %c5 (%acc: add f64) {
        %y = moa.psi %k[%j, %f] : tensor<?x5xf64>
        %yy = arith.mulf %y, %y : f64
        moa.yield %yy : f64
      }
      %norm = math.sqrt %kk : f64
      %s0 = moa.fold %f = %c0 to %c5 (%acc: add f64) {
        %x = moa.psi %q[%i, %f] : tensor<?x5xf64>
        %y = moa.psi %k[%j, %f] : tensor<?x5xf64>
        %xy = arith.mulf %x, %y : f64
        moa.yield %xy : f64
      }
      %s = arith.divf %s0, %norm : f64
      %t = arith.subf %s, %rm : f64
      %p = math.exp %t : f64
      %x = moa.psi %v[%j, %c] : tensor<?x3xf64>
      %px = arith.mulf %p, %x : f64
      moa.yield %s, %p, %px : f64, f64, f64
    } correct (%m0, %l0, %o0) to (%m1, %l1, %o1) {
      %t = arith.subf %m0, %m1 : f64
      %f = math.exp %t : f64
      %lc = arith.mulf %l0, %f : f64
      %oc = arith.mulf %o0, %f : f64
      moa.yield %m0, %lc, %oc : f64, f64, f64
    }
    %y = arith.divf %r#2, %r#1 : f64
    moa.yield %y : f64
  } : tensor<?x3xf64>
  return %0 : tensor<?x3xf64>
}

// An outer fold that uses a deferred fold of the body (%w) and an inner tower of
// rows; both get scratch of their own.
func.func @nested_rows(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %u = tensor.dim %b, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %c) in (%n, %u) {
    %w = moa.fold %j = %c0 to %m (%acc: add f64) {
      %y = moa.psi %b[%j, %c] : tensor<?x?xf64>
      moa.yield %y : f64
    }
    %r = moa.fold %j = %c0 to %m (%outer: add f64) {
      %t:2 = moa.fold %l = %j to %m (%big: max f64, %sum: add f64) {
        %p = moa.fold %e = %l to %m (%acc: mul f64) {
          %x = moa.psi %a[%i, %e] : tensor<?x?xf64>
          moa.yield %x : f64
        }
        %y = moa.psi %b[%l, %c] : tensor<?x?xf64>
        %py = arith.mulf %p, %y : f64
        %pyw = arith.addf %py, %w : f64
        moa.yield %p, %pyw : f64, f64
      }
      %z = arith.mulf %t#0, %t#1 : f64
      moa.yield %z : f64
    }
    %y = arith.addf %r, %w : f64
    moa.yield %y : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// A branch on a row: its fold is computed once for the row, behind the condition.
func.func @row_branch(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>, %rows: index) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %u = tensor.dim %b, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %c) in (%n, %u) {
    %few = arith.cmpi slt, %i, %rows : index
    %x:2 = scf.if %few -> (f64, f64) {
      %s = moa.fold %j = %c0 to %m (%acc: add f64) {
        %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
        moa.yield %x : f64
      }
      %ss = math.exp %s : f64
      %r = moa.fold %j = %c0 to %m (%acc: add f64) {
        %p = moa.fold %l = %c0 to %j (%inner: max f64) {
          %x = moa.psi %a[%i, %l] : tensor<?x?xf64>
          moa.yield %x : f64
        }
        %q = arith.mulf %p, %ss : f64
        %qe = math.exp %q : f64
        %y = moa.psi %b[%j, %c] : tensor<?x?xf64>
        %qy = arith.mulf %qe, %y : f64
        moa.yield %qy : f64
      }
      %y = moa.psi %b[%c0, %c] : tensor<?x?xf64>
      %t = arith.addf %r, %y : f64
      %ts = arith.addf %t, %ss : f64
      scf.yield %ts, %s : f64, f64
    } else {
      %f = moa.fold %j = %c0 to %i (%acc: add f64) {
        %x = moa.psi %a[%j, %c0] : tensor<?x?xf64>
        moa.yield %x : f64
      }
      %y = moa.psi %b[%c0, %c] : tensor<?x?xf64>
      %fy = arith.mulf %f, %y : f64
      scf.yield %fy, %f : f64, f64
    }
    %z = arith.addf %x#0, %x#1 : f64
    moa.yield %z : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// A branch on a column, out of whose range %a and %b may not be read: what it
// shares is computed if any column takes it.
func.func @column_branch(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>, %from: index, %extent: index) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.5 : f64
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %u = tensor.dim %b, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %c) in (%n, %extent) {
    %at = arith.subi %c, %from : index
    %not_before = arith.cmpi sge, %at, %c0 : index
    %not_after = arith.cmpi slt, %at, %u : index
    %inside = arith.andi %not_before, %not_after : i1
    %x = scf.if %inside -> (f64) {
      %r:2 = moa.fold %j = %c0 to %m (%big: max f64, %sum: add f64) {
        %s = moa.fold %l = %c0 to %j (%acc: add f64) {
          %x = moa.psi %a[%i, %l] : tensor<?x?xf64>
          moa.yield %x : f64
        }
        %y = moa.psi %b[%j, %at] : tensor<?x?xf64>
        %sy = arith.mulf %s, %y : f64
        moa.yield %s, %sy : f64, f64
      }
      %z = arith.addf %r#0, %r#1 : f64
      scf.yield %z : f64
    } else {
      %f = moa.fold %j = %c0 to %m (%acc: add f64) {
        %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
        moa.yield %x : f64
      }
      scf.yield %f : f64
    }
    moa.yield %x : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// Results over different axes, of which none includes the other: two nests.
func.func @margins(%a: tensor<?x?xf64>) -> (tensor<?xf64>, tensor<?xf64>, tensor<?x?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0:3 = moa.array (%i, %k) in (%n, %m) maps [affine_map<(i, k) -> (i)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (k, i)>] {
    %row = moa.fold %j = %c0 to %m (%acc: max f64) {
      %x = moa.psi %a[%i, %j] : tensor<?x?xf64>
      moa.yield %x : f64
    }
    %column = moa.fold %j = %c0 to %n (%acc: min f64) {
      %x = moa.psi %a[%j, %k] : tensor<?x?xf64>
      moa.yield %x : f64
    }
    %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
    moa.yield %row, %column, %x : f64, f64, f64
  } : tensor<?xf64>, tensor<?xf64>, tensor<?x?xf64>
  return %0#0, %0#1, %0#2 : tensor<?xf64>, tensor<?xf64>, tensor<?x?xf64>
}

// Custom reducers keep their order; start values; bounds that cross.
func.func @custom(%a: tensor<?xf64>, %low: index, %high: index, %start: f64) -> (tensor<?xf64>, f64) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf64>
  %0 = moa.array (%i) in (%n) {
    %x = moa.psi %a[%i] : tensor<?xf64>
    %r = moa.fold %k = %low to %i (%acc: custom f64 combine (%p, %q) {
      %t = arith.mulf %p, %x : f64
      %s = arith.subf %q, %t : f64
      moa.yield %s : f64
    }) init(%start) {
      %y = moa.psi %a[%k] : tensor<?xf64>
      moa.yield %y : f64
    }
    moa.yield %r : f64
  } : tensor<?xf64>
  %end = arith.minsi %high, %n : index
  %1 = moa.fold %k = %low to %end (%acc: custom f64 combine (%p, %q) {
    %h = arith.constant 0.5 : f64
    %t = arith.mulf %p, %h : f64
    %s = arith.subf %q, %t : f64
    moa.yield %s : f64
  }) init(%start) {
    %y = moa.psi %a[%k] : tensor<?xf64>
    moa.yield %y : f64
  }
  return %0, %1 : tensor<?xf64>, f64
}

// A custom reducer over rows.
func.func @custom_rows(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %u = tensor.dim %b, %c1 : tensor<?x?xf64>
  %0 = moa.array (%i, %c) in (%n, %u) {
    %start = arith.constant 1.0 : f64
    %w = moa.psi %a[%i, %c0] : tensor<?x?xf64>
    %r = moa.fold %j = %c0 to %m (%acc: custom f64 combine (%p, %q) {
      %t = arith.mulf %p, %w : f64
      %s = arith.subf %q, %t : f64
      moa.yield %s : f64
    }) init(%start) {
      %s = moa.fold %l = %c0 to %j (%inner: add f64) {
        %x = moa.psi %a[%i, %l] : tensor<?x?xf64>
        moa.yield %x : f64
      }
      %y = moa.psi %b[%j, %c] : tensor<?x?xf64>
      %z = arith.addf %s, %y : f64
      moa.yield %z : f64
    }
    moa.yield %r : f64
  } : tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}

// Largest element and the first place where it stands; gather by loaded index.
func.func @argmax(%a: tensor<?x?xf64>, %b: tensor<?xf64>) -> (tensor<?xf64>, tensor<?xindex>, tensor<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0:3 = moa.array (%i) in (%n) {
    %big = arith.constant 9223372036854775807 : index
    %r:2 = moa.fold %k = %c0 to %m (%rm: max f64, %ri: min index) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
      %same = arith.cmpf oeq, %x, %rm : f64
      %c = arith.select %same, %k, %big : index
      moa.yield %x, %c : f64, index
    } correct (%m0, %i0) to (%m1, %i1) {
      %same = arith.cmpf oeq, %m0, %m1 : f64
      %c = arith.select %same, %i0, %big : index
      moa.yield %m0, %c : f64, index
    }
    %y = moa.psi %b[%r#1] : tensor<?xf64>
    moa.yield %r#0, %r#1, %y : f64, index, f64
  } : tensor<?xf64>, tensor<?xindex>, tensor<?xf64>
  return %0#0, %0#1, %0#2 : tensor<?xf64>, tensor<?xindex>, tensor<?xf64>
}

// Mean, variance and count in one pass, with integers as states.
func.func @moments(%a: tensor<?x?xf64>) -> (tensor<?xf64>, tensor<?xi64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?x?xf64>
  %m = tensor.dim %a, %c1 : tensor<?x?xf64>
  %0:2 = moa.array (%i) in (%n) {
    %zero = arith.constant 0.0 : f64
    %one = arith.constant 1 : i64
    %none = arith.constant 0 : i64
    %r:3 = moa.fold %k = %c0 to %m (%rs: add f64, %rn: add i64, %rq: add f64) {
      %x = moa.psi %a[%i, %k] : tensor<?x?xf64>
      %some = arith.maxsi %rn, %one : i64
      %count = arith.sitofp %some : i64 to f64
      %mean = arith.divf %rs, %count : f64
      %d = arith.subf %x, %mean : f64
      %dd = arith.mulf %d, %d : f64
      moa.yield %x, %one, %dd : f64, i64, f64
    } correct (%s0, %n0, %q0) to (%s1, %n1, %q1) {
      %some0 = arith.maxsi %n0, %one : i64
      %count0 = arith.sitofp %some0 : i64 to f64
      %mean0 = arith.divf %s0, %count0 : f64
      %some1 = arith.maxsi %n1, %one : i64
      %count1 = arith.sitofp %some1 : i64 to f64
      %mean1 = arith.divf %s1, %count1 : f64
      %d = arith.subf %mean0, %mean1 : f64
      %dd = arith.mulf %d, %d : f64
      %w = arith.sitofp %n0 : i64 to f64
      %wdd = arith.mulf %w, %dd : f64
      %q = arith.addf %q0, %wdd : f64
      moa.yield %s0, %n0, %q : f64, i64, f64
    }
    moa.yield %r#2, %r#1 : f64, i64
  } : tensor<?xf64>, tensor<?xi64>
  return %0#0, %0#1 : tensor<?xf64>, tensor<?xi64>
}
