#ifndef TUTORIAL_H
#define TUTORIAL_H

#include "moa/Dialect/Moa/IR/Moa.h"

#include "TutorialDialect.h.inc"

#define GET_OP_CLASSES
#include "TutorialOps.h.inc"

#endif // TUTORIAL_H
